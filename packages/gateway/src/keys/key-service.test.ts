import type { RequestHead } from "ai-lib/serve";
import { describe, expect, it } from "vitest";
import type { SpendQuery } from "../limits/limit-state.js";
import { ModelTable } from "../model-table.js";
import type { KeyAdmission } from "./key-admission.js";
import { KeyService } from "./key-service.js";
import { MemoryKeyStore } from "./key-store.js";
import type { GroupRecord, KeyRecord } from "./record.js";

describe("the limits of a group", () => {
  it("are its own and those of the groups that it is in, the outermost first", async () => {
    const service = await KeyService.open();
    await service.serve({
      declared: { keys: [], groups: [] },
      table: new ModelTable({ routes: [], providers: new Map() }),
    });
    const { directory } = service;
    await directory.createGroup({ id: "org", level: "organisation", limits: [{ dollars: 5, per: "day" }] });
    await directory.createGroup({ id: "lab", parent: "org", limits: [{ requests: 7, per: "minute" }] });
    await directory.createGroup({ id: "other", limits: [{ concurrent: 1 }] });
    await directory.createKey({ id: "k", group: "lab" });

    const ofGroup = await service.limitsOf("lab", "group");
    expect(ofGroup?.map(({ bucket, max, used, reserved }) => [bucket, max, used, reserved])).toEqual([
      ["group org: dollars per day", 5, 0, 0],
      ["group lab: requests per minute", 7, 0, 0],
    ]);
    // The key counts in the same buckets.
    expect(await service.limitsOf("k")).toEqual(ofGroup);
    expect(await service.limitsOf("lab")).toBeUndefined();
    expect(await service.limitsOf("k", "group")).toBeUndefined();
    await service.close();
  });
});

describe("an id", () => {
  it("was used where the past has calls of it, also such for which nothing was sent", async () => {
    const nothing = { at: 0, requests: 0, tokens: 0, dollars: 0 };
    const spentSince = async ({ node }: SpendQuery) =>
      node.kind === "key" && node.id === "cached" ? [nothing] : [];
    const service = await KeyService.open({ history: { spentSince } });
    expect(await service.wasUsed("key", "cached")).toBe(true);
    expect(await service.wasUsed("group", "cached")).toBe(false);
    expect(await service.wasUsed("key", "new")).toBe(false);
    const without = await KeyService.open();
    expect(await without.wasUsed("key", "cached")).toBe(false);
    await Promise.all([service.close(), without.close()]);
  });
});

describe("keys and groups of the store within groups of the file", () => {
  const table = new ModelTable({ routes: [], providers: new Map() });
  const acme: GroupRecord = {
    ...{ id: "acme", level: "organisation", createdAt: 0, revision: 1, managed: "file" },
    limits: [{ requests: 7, per: "minute" }],
  };
  const WITH = { keys: [], groups: [acme] };
  const WITHOUT = { keys: [], groups: [] };

  /** A store as a gateway leaves it that had the group `acme` in its file. */
  async function made() {
    const store = new MemoryKeyStore();
    const service = await KeyService.open({ store });
    await service.serve({ declared: WITH, table });
    const { directory } = service;
    const direct = await directory.createKey({ id: "direct", group: "acme" });
    await directory.createGroup({ id: "team1", parent: "acme" });
    const nested = await directory.createKey({ id: "nested", group: "team1" });
    const free = await directory.createKey({ id: "free" });
    await service.close();
    return { store, secrets: [direct, nested, free].map(({ secret }) => secret) };
  }

  /** Which of the secrets are let in, and why others are not. */
  const letIn = (admission: KeyAdmission, secrets: readonly string[]) =>
    secrets.map((secret) => {
      try {
        const head = { method: "POST", path: "/", headers: { authorization: `Bearer ${secret}` } };
        return admission.authenticate(head as unknown as RequestHead, undefined).path;
      } catch (error) {
        return (error as Error).message;
      }
    });

  const REFUSED = "This key is in a group that the gateway does not have";

  it("are served after a restart", async () => {
    const { store, secrets } = await made();
    const service = await KeyService.open({ store });
    const admission = await service.serve({ declared: WITH, table });
    expect(letIn(admission, secrets)).toEqual([["acme"], ["acme", "team1"], []]);
    expect((await service.limitsOf("nested"))?.map(({ bucket }) => bucket)).toEqual([
      "group acme: requests per minute",
    ]);
    expect(service.directory.unusableKeys()).toEqual([]);
    await service.close();
  });

  it("are refused where the file has lost the group, until it is back", async () => {
    const { store, secrets } = await made();
    const service = await KeyService.open({ store });
    const { directory } = service;
    expect(letIn(await service.serve({ declared: WITHOUT, table }), secrets)).toEqual([REFUSED, REFUSED, []]);
    expect(directory.unusableKeys()).toEqual([
      expect.stringMatching(/^The key direct of the store is refused: there is no group acme\. /),
      expect.stringMatching(
        /^The key nested of the store is refused: group team1: there is no group acme\. /,
      ),
    ]);
    expect(letIn(await service.serve({ declared: WITH, table }), secrets)).toEqual([
      ["acme"],
      ["acme", "team1"],
      [],
    ]);
    expect(letIn(await service.serve({ declared: WITHOUT, table }), secrets)).toEqual([REFUSED, REFUSED, []]);
    await service.close();
  });

  it("can be mended where the file has lost the group", async () => {
    const { store, secrets } = await made();
    const service = await KeyService.open({ store });
    const admission = await service.serve({ declared: WITHOUT, table });
    const { directory } = service;
    // What is wrong already hinders no other change.
    await directory.createGroup({ id: "other" });
    await expect(directory.createKey({ group: "team1" })).rejects.toMatchObject({ field: "group" });
    await expect(directory.createGroup({ id: "in", parent: "team1" })).resolves.toBeDefined();
    await expect(directory.updateGroup("team1", { id: "team1", parent: "none" })).rejects.toMatchObject({
      field: "parent",
    });
    await directory.updateKey("direct", { group: "acme", disabled: true });
    expect(letIn(admission, secrets)[0]).toBe("This key is disabled");
    await directory.updateKey("direct", { group: "other" });
    await directory.updateGroup("team1", { id: "team1" });
    expect(letIn(admission, secrets)).toEqual([["other"], ["team1"], []]);
    await service.serve({ declared: WITH, table });
    await directory.updateGroup("team1", { id: "team1", parent: "acme" });
    await service.serve({ declared: WITHOUT, table });
    await directory.deleteKey("nested");
    await directory.deleteGroup("in");
    await directory.deleteGroup("team1");
    expect(directory.unusableKeys()).toEqual([]);
    await service.close();
  });

  it("are refused, and end, where groups of the store contain each other", async () => {
    const store = new MemoryKeyStore();
    const group = (id: string, parent: string): GroupRecord => ({
      ...{ id, parent, level: "team", createdAt: 0, revision: 1, managed: "store" },
    });
    // As two processes that change one store can leave it.
    await store.put("group", group("a", "b"));
    await store.put("group", group("b", "a"));
    const service = await KeyService.open({ store });
    const { secret } = await service.directory.createKey({ id: "k" });
    const [record] = (await store.load()).keys;
    await store.put("key", { ...(record as KeyRecord), group: "a", revision: 2 });
    const again = await KeyService.open({ store });
    expect(letIn(await again.serve({ declared: WITHOUT, table }), [secret])).toEqual([REFUSED]);
    expect(again.directory.unusableKeys()).toEqual([expect.stringContaining("contains itself")]);
    await Promise.all([service.close(), again.close()]);
  });

  it("are reported in a bounded number of lines", async () => {
    const { store } = await made();
    const first = await KeyService.open({ store });
    await first.serve({ declared: WITH, table });
    for (let i = 0; i < 20; i++) await first.directory.createKey({ group: "acme" });
    const again = await KeyService.open({ store });
    await again.serve({ declared: WITHOUT, table });
    const lines = again.directory.unusableKeys();
    expect([lines.length, lines.at(-1)]).toEqual([11, expect.stringMatching(/^12 more keys /)]);
    await Promise.all([first.close(), again.close()]);
  });
});
