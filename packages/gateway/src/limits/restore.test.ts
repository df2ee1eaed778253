import { describe, expect, it, vi } from "vitest";
import type { KeyRecord, Limit } from "../keys/record.js";
import { chainOf } from "./chain.js";
import { Counters } from "./counters.js";
import type { SpendHistory, SpendQuery, SpentHour } from "./limit-state.js";
import { Restorer } from "./restore.js";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 28, 13, 7, 5);
const THIS_HOUR = Date.UTC(2026, 10, 28, 13);

const hour = (at: number, used: number): SpentHour => ({
  at,
  requests: used,
  tokens: 10 * used,
  dollars: used / 4,
});
const chain = (...limits: readonly Limit[]) => chainOf({ id: "ci", limits } as KeyRecord, [], new Counters());

function historyOf(...spent: readonly SpentHour[]) {
  return { spentSince: vi.fn(async (_query: SpendQuery) => spent) } satisfies SpendHistory;
}

describe("the past of limits", () => {
  it.each<readonly [string, Limit, from: number | undefined, used: number]>([
    ["requests", { requests: 9, per: "hour" }, THIS_HOUR, 3],
    ["tokens", { tokens: 9, per: "day" }, Date.UTC(2026, 10, 28), 30],
    ["dollars", { dollars: 9, per: "month" }, Date.UTC(2026, 10), 750_000_000],
    ["all time", { requests: 9, per: "total" }, 0, 3],
    ["a day that rolls", { requests: 9, per: "day", window: "rolling" }, THIS_HOUR - 25 * HOUR, 3],
    ["a minute, which begins empty", { requests: 9, per: "minute" }, undefined, 0],
    ["running calls, which ended with the process", { concurrent: 9 }, undefined, 0],
  ])("is read once for %s", async (_what, limit, from, used) => {
    const history = historyOf(hour(THIS_HOUR, 1), hour(THIS_HOUR, 2), hour(THIS_HOUR, 0));
    const limits = chain(limit);
    const restorer = new Restorer(history);
    await restorer.ready(limits, NOW);
    expect(history.spentSince.mock.calls.map(([query]) => query)).toStrictEqual(
      from === undefined ? [] : [{ node: { kind: "key", id: "ci" }, from }],
    );
    expect(limits[0]?.bucket.used(NOW)).toBe(used);
    expect(restorer.ready(limits, NOW)).toBeUndefined();
    expect(restorer.ready([...limits], NOW)).toBeUndefined();
    expect(history.spentSince).toHaveBeenCalledTimes(from === undefined ? 0 : 1);
  });

  it("is that of the routes that a limit counts", async () => {
    const history = historyOf();
    await new Restorer(history).ready(chain({ requests: 9, per: "day", routes: ["chat"] }), NOW);
    expect(history.spentSince).toHaveBeenCalledWith(expect.objectContaining({ routes: ["chat"] }));
  });

  it("counts an hour at its end, so that it does not leave a window early", async () => {
    const at = THIS_HOUR - 24 * HOUR;
    const limits = chain({ requests: 9, per: "day", window: "rolling" }, { requests: 9, per: "total" });
    await new Restorer(historyOf(hour(at, 5))).ready(limits, NOW);
    const [day, total] = limits;
    expect(day?.bucket.used(NOW)).toBe(5);
    expect(day?.bucket.used(THIS_HOUR + HOUR - 1)).toBe(5);
    expect(day?.bucket.used(THIS_HOUR + HOUR)).toBe(0);
    expect(total?.bucket.history(NOW)).toEqual([{ at: 0, used: 5 }]);
  });

  it("is read by one of several first calls, and all wait for it", async () => {
    const history = historyOf(hour(THIS_HOUR, 1));
    const limits = chain({ requests: 9, per: "day" }, { tokens: 9, per: "day" });
    const restorer = new Restorer(history);
    await Promise.all([
      restorer.ready(limits, NOW),
      restorer.ready(limits, NOW),
      restorer.ready([...limits], NOW),
    ]);
    expect(history.spentSince).toHaveBeenCalledTimes(2);
    expect(limits.map(({ bucket }) => bucket.used(NOW))).toEqual([1, 10]);
  });

  it("that cannot be read is read again with the next call", async () => {
    const history = historyOf(hour(THIS_HOUR, 1));
    history.spentSince.mockRejectedValueOnce(new Error("down"));
    const limits = chain({ requests: 9, per: "day" });
    const restorer = new Restorer(history);
    await expect(restorer.ready(limits, NOW)).rejects.toThrow("down");
    await restorer.ready(limits, NOW);
    expect(limits[0]?.bucket.used(NOW)).toBe(1);
    expect(history.spentSince).toHaveBeenCalledTimes(2);
  });

  it("is none without a history", () => {
    expect(new Restorer(undefined).ready(chain({ requests: 9, per: "day" }), NOW)).toBeUndefined();
  });
});
