import { describe, expect, it } from "vitest";
import type { GroupRecord, KeyRecord, Limit } from "../keys/record.js";
import { maxOf } from "./bucket.js";
import { chainOf, counts, stateOf } from "./chain.js";
import { Counters } from "./counters.js";
import { isListed } from "./names.js";

const NOW = Date.UTC(2026, 10, 28, 13, 7, 5);

const key = (limits?: readonly Limit[]): KeyRecord => ({ id: "ci", limits }) as KeyRecord;
const group = (id: string, limits?: readonly Limit[]): GroupRecord => ({ id, limits }) as GroupRecord;

describe("the limits of a key", () => {
  it("are those of its groups, the outermost first, and its own", () => {
    const counters = new Counters();
    const path = [
      group("acme", [{ requests: 5, per: "day" }]),
      group("team"),
      group("crew", [{ concurrent: 2 }]),
    ];
    const chain = chainOf(key([{ tokens: 9, per: "hour" }]), path, counters);
    expect(chain.map(({ bucket, node, max }) => [bucket.name, node.kind, node.id, max])).toEqual([
      ["group acme: requests per day", "group", "acme", 5],
      ["group crew: concurrent", "group", "crew", 2],
      ["key ci: tokens per hour", "key", "ci", 9],
    ]);
    expect(chainOf(key(), [], counters)).toEqual([]);
  });

  it("count in the same buckets for each key of a group", () => {
    const counters = new Counters();
    const path = [group("acme", [{ requests: 5, per: "day" }])];
    const [first] = chainOf(key(), path, counters);
    const [second] = chainOf({ ...key(), id: "other" }, path, counters);
    expect(first?.bucket).toBe(second?.bucket);
    const [own] = chainOf({ ...key([{ requests: 5, per: "day" }]), id: "acme" }, [], counters);
    expect(own?.bucket).not.toBe(first?.bucket);
  });

  it.each<readonly [Limit, number]>([
    [{ requests: 3, per: "day" }, 3],
    [{ tokens: 4, per: "day" }, 4],
    [{ concurrent: 5 }, 5],
    [{ dollars: 0.0000000019, per: "day" }, 1],
    [{ dollars: 2, per: "day" }, 2_000_000_000],
    [{}, 0],
  ])("have a whole maximum: %j", (limit, max) => {
    expect(maxOf(limit)).toBe(max);
  });

  it("say how full they are, in their unit", () => {
    const counters = new Counters();
    const limits: readonly Limit[] = [
      { dollars: 2, per: "day" },
      { tokens: 10, per: "total" },
      { concurrent: 3 },
    ];
    const chain = chainOf(key(limits), [], counters);
    for (const { bucket } of chain) {
      const slice = bucket.hold(NOW, 4);
      bucket.change(slice, 1, -2);
    }
    expect(chain.map((one) => stateOf(one, NOW))).toEqual([
      {
        node: { kind: "key", id: "ci" },
        limit: limits[0],
        bucket: "key ci: dollars per day",
        ...{ max: 2, used: 1e-9, reserved: 2e-9, resetAt: Date.UTC(2026, 10, 29) },
      },
      {
        node: { kind: "key", id: "ci" },
        limit: limits[1],
        bucket: "key ci: tokens per total",
        ...{ max: 10, used: 1, reserved: 2 },
      },
      {
        node: { kind: "key", id: "ci" },
        limit: limits[2],
        bucket: "key ci: concurrent",
        ...{ max: 3, used: 0, reserved: 2 },
      },
    ]);
    expect(chain.map((one) => "resetAt" in stateOf(one, NOW))).toEqual([true, false, false]);
  });

  it.each<readonly [readonly string[] | undefined, string, boolean]>([
    [undefined, "chat", true],
    [[], "chat", false],
    [["chat"], "chat", true],
    [["chat"], "chatty", false],
    [["other", "cha*"], "chat", true],
    [["*"], "chat", true],
    [["hat*"], "chat", false],
    [["chat*"], "cha", false],
  ])("with the routes %j count a call to %s: %s", (routes, name, expected) => {
    expect(isListed(routes, name)).toBe(expected);
    const [one] = chainOf(key([{ concurrent: 1, ...(routes && { routes }) }]), [], new Counters());
    expect(one !== undefined && counts(one, name)).toBe(expected);
  });
});
