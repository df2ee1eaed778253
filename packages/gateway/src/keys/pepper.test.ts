import { expect, it } from "vitest";
import { Directory } from "./directory.js";
import { MemoryKeyStore } from "./key-store.js";
import { pepperMark } from "./pepper.js";

it("keys of another pepper are named, until they are rotated or the former pepper is back", async () => {
  const store = new MemoryKeyStore();
  const first = await Directory.open({ store, pepper: "former" });
  const { secret } = await first.createKey({ id: "one" });
  await first.createKey({ id: "two" });
  expect([first.unusableKeys(), first.hasOtherPepper("one")]).toEqual([[], false]);

  const other = await Directory.open({ store, pepper: "other" });
  expect(other.find(secret)).toBeUndefined();
  expect(other.hasOtherPepper("one")).toBe(true);
  expect(other.unusableKeys()).toEqual([
    expect.stringMatching(/^The `pepper` differs .* so that 2 of them, such as one, are refused/),
  ]);
  const { secret: renewed } = await other.rotateKey("one");
  expect([other.find(renewed), other.hasOtherPepper("one")]).toEqual(["one", false]);
  expect(other.unusableKeys()).toEqual([expect.stringContaining("so that 1 of them, such as two, are")]);

  const back = await Directory.open({ store, pepper: "former" });
  expect([back.find(secret), back.unusableKeys().length]).toEqual(["one", 0]);
});

it("a key is named once the grace of its last secret with the pepper has ended", async () => {
  let now = 1_000_000;
  const store = new MemoryKeyStore();
  const open = (pepper: string) => Directory.open({ store, pepper, now: () => now });
  const { secret } = await (await open("former")).createKey({ id: "one" });
  await (await open("other")).rotateKey("one", { graceMs: 60_000 });
  const back = await open("former");
  expect([back.find(secret), back.hasOtherPepper("one"), back.unusableKeys()]).toEqual(["one", false, []]);
  now += 60_000;
  expect([back.find(secret), back.hasOtherPepper("one")]).toEqual([undefined, true]);
  expect(back.unusableKeys()).toEqual([expect.stringContaining("such as one, are refused")]);
});

it("keys without a mark, of an earlier version, are not named", async () => {
  const store = new MemoryKeyStore();
  const { record } = await (await Directory.open({ store, pepper: "former" })).createKey({ id: "old" });
  const secrets = record.secrets.map(({ pepper: _, ...rest }) => rest);
  await store.put("key", { ...record, secrets, revision: 2 });
  expect((await Directory.open({ store, pepper: "other" })).unusableKeys()).toEqual([]);
});

it("a mark is short, and differs for no pepper", () => {
  expect(pepperMark("a")).toMatch(/^[0-9a-f]{8}$/);
  expect(pepperMark("a")).not.toBe(pepperMark(""));
});
