import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isListed } from "../../src/limits/names.js";
import type { CallRecord } from "../../src/store/call-record.js";
import type { CallPage, CallQuery, UsageQuery } from "../../src/store/queries.js";
import type { Rate } from "../../src/store/rates.js";
import type { LedgerBatch, Store } from "../../src/store/store.js";
import { attempt, call, DAY, HOUR, packed } from "../support/calls.js";

const NOON = Date.UTC(2026, 10, 10, 12);

const RATE: Rate = {
  id: "rate-x",
  provider: "openai",
  model: "gpt-x",
  variant: "",
  since: NOON,
  price: { input: 2, output: 10, cachedInput: 1 },
  edited: false,
};

/** Dollars of an attempt with 100 tokens in and 10 out. */
const EACH = (100 * 2 + 10 * 10) / 1e6;

function batch(calls: readonly CallRecord[], more: Partial<LedgerBatch> = {}): LedgerBatch {
  return { calls: packed(calls), contents: [], rates: [RATE], ...more };
}

/** What every store must do. @param open opens an empty one */
export function storeContract(open: (now: () => number) => Promise<Store>): void {
  let store: Store;
  // The clock of the system has fractions.
  let now = NOON + 0.25;

  beforeEach(async () => {
    now = NOON + 0.25;
    store = await open(() => now);
  });
  afterEach(() => store.close());

  /** The ids of all pages. */
  async function pages(query: CallQuery): Promise<{ ids: string[]; sizes: number[] }> {
    const ids: string[] = [];
    const sizes: number[] = [];
    let page: CallPage = await store.usage.calls(query);
    for (let i = 0; i < 100; i++) {
      ids.push(...page.calls.map(({ id }) => id));
      sizes.push(page.calls.length);
      if (page.next === undefined) return { ids, sizes };
      page = await store.usage.calls({
        ...query,
        [query.after === undefined ? "before" : "after"]: page.next,
      });
    }
    throw new Error("The pages do not end");
  }

  describe("calls", () => {
    it("come back as they were written, with dollars", async () => {
      const written = call(NOON, {
        user: "ann",
        session: "s1",
        tags: ["b", "a"],
        status: "error",
        code: "RATE_LIMIT",
        mode: "stream",
        attempts: [
          attempt({ outcome: "skipped", meters: undefined, rate: undefined, code: "CIRCUIT_OPEN" }),
          attempt({
            dialect: "anthropic-messages",
            outcome: "error",
            code: "RATE_LIMIT",
            status: 429,
            firstContentMs: 20,
            estimated: true,
            meters: {
              ...{ input: 50, output: 5, cached: 40, cacheWrite: 3, reasoning: 2 },
              others: { "tool:web_search": 2, "unit:seconds": 1.5 },
            },
            rate: undefined,
            billed: 0.25,
          }),
          attempt({ dialect: "gemini" }),
        ],
      });
      await store.write(batch([written]));
      const read = await store.usage.call(written.id);
      const { dollars, meters, attempts, ...rest } = read ?? {};
      const { attempts: given, ...call_ } = written;
      expect(rest).toEqual(call_);
      expect(attempts?.map(({ dollars: _, ...attempt_ }) => attempt_)).toEqual(given);
      expect(attempts?.map((each) => each.dollars)).toEqual([undefined, 0.25, EACH]);
      expect(meters).toEqual({ input: 150, output: 15, cached: 40, cacheWrite: 3, reasoning: 2 });
      expect(dollars).toBeCloseTo(0.25 + EACH, 12);
      expect(await store.usage.call("call_none")).toBeUndefined();
    });

    it("keep text of any language, quotes and questions", async () => {
      const strange = `"'?$1 \\ ;-- 日本 🎉 {a,b} NULL`;
      const written = call(NOON, { user: strange, session: strange, tags: [strange], model: strange });
      await store.write(batch([written]));
      const found = await store.usage.calls({ filter: { user: strange, session: strange, tag: strange } });
      expect(found.calls).toMatchObject([
        { user: strange, session: strange, tags: [strange], model: strange },
      ]);
    });

    it("come in pages by time, also those of one millisecond, each call once", async () => {
      const calls = Array.from({ length: 25 }, (_, index) => call(NOON + Math.floor(index / 5)));
      await store.write(batch(calls));
      const sorted = [...calls].sort((a, b) => b.endedAt - a.endedAt || (a.id < b.id ? 1 : -1));
      const { ids, sizes } = await pages({ limit: 4 });
      expect(ids).toEqual(sorted.map(({ id }) => id));
      expect(sizes).toEqual([4, 4, 4, 4, 4, 4, 1]);
      const tail = await pages({ limit: 10, after: { at: NOON + 2, id: "" } });
      expect(tail.ids).toEqual(
        sorted
          .slice(0, 15)
          .map(({ id }) => id)
          .reverse(),
      );
      const end = await store.usage.end();
      expect(await pages({ after: end })).toEqual({ ids: [], sizes: [0] });
      await store.write(batch([call(NOON + 9)]));
      expect((await pages({ after: end })).ids).toHaveLength(1);
    });

    it("come in pages that new calls, and the deletion of old ones, do not move", async () => {
      const calls = Array.from({ length: 40 }, (_, index) => call(NOON + Math.floor(index / 3)));
      await store.write(batch(calls));
      const ids: string[] = [];
      let page = await store.usage.calls({ limit: 6 });
      for (let i = 0; i < 20; i++) {
        ids.push(...page.calls.map(({ id }) => id));
        if (page.next === undefined) break;
        await store.write(batch([call(NOON + 1_000 + i), call(NOON + 1_000 + i)]));
        if (i === 3) await store.prune({ calls: NOON + 2 });
        page = await store.usage.calls({ limit: 6, before: page.next });
      }
      const kept = calls.filter(({ endedAt }) => endedAt >= NOON + 2);
      const sorted = kept.sort((a, b) => b.endedAt - a.endedAt || (a.id < b.id ? 1 : -1));
      expect(ids).toEqual(sorted.map(({ id }) => id));
    });

    it("are found by each filter", async () => {
      const wanted = call(NOON, {
        key: "k",
        groups: ["g1", "g2"],
        user: "u",
        session: "s",
        tags: ["t1", "t2"],
        route: "r",
        kind: "embed",
        status: "error",
        code: "TIMEOUT",
        attempts: [attempt({ provider: "p", model: "m" }), attempt()],
      });
      await store.write(batch([call(NOON - DAY), wanted, call(NOON + DAY, { groups: [], tags: [] })]));
      const at = { from: NOON - 0.5, to: NOON + 0.5 };
      for (const filter of [
        ...[{ key: "k" }, { group: "g1" }, { group: "g2" }, { user: "u" }, { session: "s" }, { tag: "t2" }],
        ...[{ route: "r" }, { kind: "embed" as const }, { status: "error" as const }, { code: "TIMEOUT" }],
        ...[{ provider: "p" }, { model: "m" }, at, { ...at, key: "k", tag: "t1", provider: "p" }],
      ]) {
        const { calls } = await store.usage.calls({ filter });
        expect([filter, calls.map(({ id }) => id)]).toEqual([filter, [wanted.id]]);
      }
      for (const filter of [
        { key: "none" },
        { group: "g" },
        { provider: "p", key: "team-a" },
        { to: NOON - 2 * DAY },
      ])
        expect([filter, (await store.usage.calls({ filter })).calls]).toEqual([filter, []]);
    });

    it("are found by no text that they cannot have", async () => {
      await store.write(batch([call(NOON, { user: "a" })]));
      const user = "a\0";
      expect((await store.usage.calls({ filter: { user, session: user, tag: user } })).calls).toEqual([]);
      const asked = { from: NOON, to: NOON + 1, filter: { user, group: user } };
      expect((await store.usage.usage(asked)).total.calls).toBe(0);
      expect(await store.usage.call(user)).toBeUndefined();
      expect(await store.usage.content(user)).toBeUndefined();
      expect(await store.documents.get("key", user)).toBeUndefined();
      expect((await store.audit.read({ target: user })).entries).toEqual([]);
      expect(await store.usage.spentSince({ node: { kind: "key", id: user }, from: 0 })).toEqual([]);
    });

    it("are refused in pages out of range", async () => {
      for (const limit of [0, 1_001, Number.NaN])
        await expect(store.usage.calls({ limit })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    });

    it("are written once although a batch is sent again", async () => {
      const calls = [call(NOON), call(NOON)];
      await store.write(batch(calls));
      await store.write(batch([...calls, call(NOON)]), true);
      expect((await pages({})).ids).toHaveLength(3);
      const { total } = await store.usage.usage({ from: NOON, to: NOON + 1 });
      expect(total).toMatchObject({ calls: 3, attempts: 3, input: 300 });
    });

    it("are added to no sum where the store has them already", async () => {
      const calls = [call(NOON), call(NOON)];
      await store.write(batch(calls));
      const error = await store.write(batch([call(NOON), ...calls])).catch((reason: unknown) => reason);
      expect([(error as Error).name, store.isTransient(error)]).toEqual(["WrittenMeanwhile", true]);
      const { total } = await store.usage.usage({ from: NOON, to: NOON + 1 });
      expect(total).toMatchObject({ calls: 2, attempts: 2, input: 200 });
    });

    it("are written all or none of a batch", async () => {
      const broken = { ...call(NOON), route: undefined as unknown as string };
      await expect(store.write(batch([call(NOON), broken]))).rejects.toThrow();
      expect((await pages({})).ids).toEqual([]);
      await store.write(batch([call(NOON)]));
      expect((await store.usage.usage({ from: NOON, to: NOON + 1, groupBy: ["key"] })).groups).toHaveLength(
        1,
      );
    });
  });

  describe("contents", () => {
    it("are kept beside their calls, and end earlier", async () => {
      const written = call(NOON);
      const content = {
        call: written.id,
        endedAt: NOON,
        request: '{"a":"é"}',
        response: undefined,
        errors: "[]",
      };
      await store.write(batch([written], { contents: [content] }));
      expect(await store.usage.content(written.id)).toEqual(content);
      expect(await store.prune({ contents: NOON + 0.75 })).toBe(false);
      expect(await store.usage.content(written.id)).toBeUndefined();
      expect(await store.usage.call(written.id)).toBeDefined();
    });
  });

  describe("usage", () => {
    const beside = { from: NOON - 40 * DAY, to: NOON + 40 * DAY };

    it("is summed over hours and whole days alike", async () => {
      const times = Array.from({ length: 60 }, (_, index) => NOON + index * 5 * HOUR);
      await store.write(batch(times.map((time) => call(time))));
      for (const [from, to] of [
        [NOON, NOON + HOUR],
        [NOON, NOON + 50 * HOUR],
        [NOON + HOUR, NOON + 200 * HOUR],
        [NOON - DAY, NOON + 20 * DAY],
      ] as const) {
        const count = times.filter((time) => time >= from && time < to).length;
        const report = await store.usage.usage({ from, to });
        expect(report).toMatchObject({ from, to, omitted: 0, groups: [{ by: {}, calls: count }] });
        expect(report.total).toMatchObject({
          calls: count,
          attempts: count,
          input: 100 * count,
          output: 10 * count,
        });
        expect(report.total.dollars).toBeCloseTo(count * EACH, 9);
      }
      const wide = await store.usage.usage({ from: NOON + 1, to: NOON + HOUR - 1 });
      expect(wide).toMatchObject({ from: NOON, to: NOON + HOUR, total: { calls: 1 } });
    });

    it("counts a call in the hour and on the day in which it began", async () => {
      const midnight = Math.ceil(NOON / DAY) * DAY;
      await store.write(batch([call(midnight + 2 * HOUR, { startedAt: midnight - 1 })]));
      const began = midnight - HOUR;
      for (const [by, at] of [
        ["hour", began],
        ["day", midnight - DAY],
      ] as const)
        expect(
          (await store.usage.usage({ ...beside, from: NOON, to: NOON + 2 * DAY, groupBy: [by] })).groups,
        ).toMatchObject([{ by: { [by]: at }, calls: 1, input: 100 }]);
      expect(await store.usage.spentSince({ node: { kind: "key", id: "team-a" }, from: NOON })).toMatchObject(
        [{ at: began, requests: 1, tokens: 110 }],
      );
    });

    it("is grouped by session, and of one session, over whole days", async () => {
      const day = Math.floor(NOON / DAY) * DAY;
      await store.write(
        batch([
          call(NOON, { session: "s1", key: "k1", groups: ["acme"] }),
          call(NOON + HOUR, { session: "s1", key: "k1", groups: ["acme"] }),
          call(NOON + 20 * HOUR, { session: "s1", key: "k2", groups: [] }),
          call(NOON, { session: "s2", key: "k1", groups: ["acme"], tags: ["x"] }),
          call(NOON, { key: "k1" }),
        ]),
      );
      const days = { from: NOON, to: NOON + 3 * HOUR };
      const asked = async (query: Partial<UsageQuery>) =>
        (await store.usage.usage({ ...days, ...query })).groups.map(({ by, calls }) => ({ ...by, calls }));
      expect(await asked({ groupBy: ["session"] })).toEqual([
        { session: "s1", calls: 2 },
        { session: "s2", calls: 1 },
      ]);
      expect(await asked({ to: NOON + DAY, groupBy: ["session", "key", "day"] })).toEqual([
        { session: "s1", key: "k1", day, calls: 2 },
        { session: "s2", key: "k1", day, calls: 1 },
        { session: "s1", key: "k2", day: day + DAY, calls: 1 },
      ]);
      expect(await asked({ groupBy: ["session"], filter: { group: "acme", tag: "x" } })).toEqual([
        { session: "s2", calls: 1 },
      ]);
      const one = { from: 0, to: NOON + 9 * DAY, groupBy: ["day"], filter: { session: "s1" } } as const;
      expect(await asked(one)).toEqual([
        { day, calls: 2 },
        { day: day + DAY, calls: 1 },
      ]);
      const { total, from, to } = await store.usage.usage({ ...days, groupBy: ["session"] });
      expect([total.calls, from, to]).toEqual([3, day, day + DAY]);
      expect(total.dollars).toBeCloseTo(3 * EACH, 9);
    });

    it("is grouped by each dimension, and by several", async () => {
      await store.write(
        batch([
          call(NOON, { key: "k1", groups: ["acme", "a"], user: "u1", tags: ["x", "y"] }),
          call(NOON + HOUR, { key: "k2", groups: ["acme", "b"], tags: ["x"], route: "other", kind: "embed" }),
          call(NOON + DAY, { key: "k2", groups: [], attempts: [attempt({ model: "m2", provider: "p2" })] }),
        ]),
      );
      const by = async (...groupBy: NonNullable<Parameters<typeof store.usage.usage>[0]["groupBy"]>) => {
        const { groups, total } = await store.usage.usage({
          ...beside,
          groupBy,
          to: NOON + 2 * DAY,
          from: NOON,
        });
        expect(total.calls).toBe(3);
        return groups.map((group) => [...Object.values(group.by), group.calls]).sort();
      };
      expect(await by("key")).toEqual([
        ["k1", 1],
        ["k2", 2],
      ]);
      expect(await by("group")).toEqual(
        [
          [undefined, 1],
          ["a", 1],
          ["acme", 2],
          ["b", 1],
        ].sort(),
      );
      expect(await by("user")).toEqual(
        [
          [undefined, 2],
          ["u1", 1],
        ].sort(),
      );
      expect(await by("tag")).toEqual(
        [
          [undefined, 1],
          ["x", 2],
          ["y", 1],
        ].sort(),
      );
      expect(await by("route")).toEqual([
        ["chat", 2],
        ["other", 1],
      ]);
      expect(await by("kind")).toEqual([
        ["chat", 2],
        ["embed", 1],
      ]);
      expect(await by("provider")).toEqual([
        ["openai", 2],
        ["p2", 1],
      ]);
      expect(await by("model")).toEqual([
        ["gpt-x", 2],
        ["m2", 1],
      ]);
      expect(await by("hour")).toEqual(
        [
          [NOON, 1],
          [NOON + HOUR, 1],
          [NOON + DAY, 1],
        ].sort(),
      );
      expect(await by("day")).toEqual(
        [
          [NOON - 12 * HOUR, 2],
          [NOON + 12 * HOUR, 1],
        ].sort(),
      );
      expect(await by("key", "model", "day")).toHaveLength(3);
    });

    it("is filtered by dimensions", async () => {
      await store.write(
        batch([
          call(NOON, { key: "k1", user: "u", tags: ["t"], groups: ["acme", "a"] }),
          call(NOON, { key: "k2", route: "r", groups: ["acme", "b"] }),
        ]),
      );
      for (const filter of [
        { key: "k1" },
        { user: "u" },
        { tag: "t" },
        { group: "a" },
        { route: "chat", key: "k1" },
      ])
        expect([filter, (await store.usage.usage({ ...beside, filter })).total.calls]).toEqual([filter, 1]);
      const of = { ...beside, filter: { group: "acme" }, groupBy: ["group" as const] };
      expect((await store.usage.usage(of)).groups).toMatchObject([{ by: { group: "acme" }, calls: 2 }]);
    });

    it("counts failures, estimates and attempts of one call apart", async () => {
      await store.write(
        batch([
          call(NOON, {
            status: "error",
            attempts: [attempt({ outcome: "error", meters: undefined, rate: undefined })],
          }),
          call(NOON, { status: "cancelled", attempts: [attempt({ estimated: true })] }),
          call(NOON, { status: "error", attempts: [] }),
          call(NOON, { attempts: [attempt({ provider: "p1" }), attempt({ provider: "p2" })] }),
        ]),
      );
      const { total, groups } = await store.usage.usage({ ...beside, groupBy: ["provider"] });
      expect(total).toMatchObject({ calls: 4, errors: 2, attempts: 3, estimated: 1, unpriced: 0 });
      const calls = Object.fromEntries(
        groups.map((group) => [group.by.provider, [group.calls, group.attempts]]),
      );
      expect(calls).toEqual({ openai: [2, 1], undefined: [1, 0], p1: [0, 1], p2: [1, 1] });
    });

    it("has dollars of every meter, of what was billed, and of no unknown price", async () => {
      const price = { input: 1, output: 2, request: 0.5, units: { seconds: 3 }, toolUses: { search: 4 } };
      const rates: Rate[] = [
        RATE,
        { ...RATE, id: "units", price },
        { ...RATE, id: "unknown", price: undefined },
      ];
      const meters = {
        ...{ input: 1e6, output: 1e6, cached: 0, cacheWrite: 0, reasoning: 0 },
        others: { "unit:seconds": 1.5, "tool:search": 2 },
      };
      await store.write(
        batch(
          [
            call(NOON, {
              attempts: [attempt({ rate: "units", meters }), attempt({ rate: "units", meters })],
            }),
            call(NOON, { attempts: [attempt({ rate: undefined, billed: 7 })] }),
            call(NOON, { attempts: [attempt({ rate: "unknown" })] }),
          ],
          { rates },
        ),
      );
      const { total } = await store.usage.usage(beside);
      expect(total.dollars).toBeCloseTo(2 * (1 + 2 + 0.5 + 1.5 * 3 + 2 * 4) + 7, 9);
      expect(total).toMatchObject({ unpriced: 1, others: { "unit:seconds": 3, "tool:search": 4 } });
    });

    it("follows a rate that an operator corrects, for the past too", async () => {
      await store.write(batch([call(NOON)]));
      const [{ price } = {}] = await store.rates.list();
      const corrected = { input: 20, output: 100 };
      expect(await store.rates.setPrice("rate-x", corrected, price)).toBe(true);
      expect(await store.rates.setPrice("rate-x", corrected, price)).toBe(false);
      expect(await store.rates.setPrice("rate-x", corrected, undefined)).toBe(false);
      expect(await store.rates.setPrice("none", corrected, price)).toBe(false);
      await store.write(batch([call(NOON)]));
      expect(await store.rates.list()).toMatchObject([{ id: "rate-x", price: { input: 20 }, edited: true }]);
      expect((await store.usage.usage(beside)).total.dollars).toBeCloseTo(20 * EACH, 9);
      expect((await store.usage.calls({})).calls[0]?.dollars).toBeCloseTo(10 * EACH, 9);
    });

    it("leaves out groups beyond the limit, the cheapest first, and counts them", async () => {
      const calls = Array.from({ length: 9 }, (_, index) => call(NOON, { key: `k${index % 3}` }));
      await store.write(batch([...calls, call(NOON, { key: "k1" })]));
      const report = await store.usage.usage({ ...beside, groupBy: ["key"], limit: 1 });
      expect(report).toMatchObject({
        groups: [{ by: { key: "k1" }, calls: 4 }],
        omitted: 2,
        total: { calls: 10 },
      });
    });

    it("refuses questions that are out of range", async () => {
      for (const query of [
        { from: 2 * HOUR, to: HOUR },
        { from: Number.NaN, to: HOUR },
        { from: 0, to: HOUR, limit: 0 },
        { from: 0, to: 90 * DAY, groupBy: ["hour" as const] },
        { from: 0, to: HOUR, groupBy: ["hour" as const, "day" as const] },
        { from: 0, to: HOUR, groupBy: ["key" as const, "key" as const] },
        { from: 0, to: HOUR, groupBy: ["nothing" as "key"] },
        { from: 0, to: 9 * DAY, groupBy: ["session" as const] },
        { from: 0, to: HOUR, groupBy: ["session" as const, "hour" as const] },
        { from: 0, to: HOUR, groupBy: ["hour" as const], filter: { session: "s" } },
      ])
        await expect(store.usage.usage(query)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    });

    it("reports what a node used, for its limits", async () => {
      await store.write(
        batch([
          call(NOON - 2 * DAY),
          call(NOON, { key: "k2", route: "other" }),
          call(NOON + HOUR),
          call(NOON + HOUR, { groups: ["elsewhere"] }),
        ]),
      );
      const spent = (kind: "key" | "group", id: string, from: number, routes?: string[]) =>
        store.usage.spentSince({ node: { kind, id }, from, routes });
      const hour = { requests: 1, tokens: 110, dollars: expect.closeTo(EACH, 12) };
      expect(await spent("group", "acme", NOON)).toEqual([
        { at: NOON, ...hour },
        { at: NOON + HOUR, ...hour },
      ]);
      expect(await spent("group", "acme", NOON, ["other"])).toEqual([{ at: NOON, ...hour }]);
      expect(await spent("group", "acme", NOON, [])).toEqual([]);
      expect(await spent("key", "k2", 0)).toMatchObject([hour]);
      expect(await spent("group", "search", 0)).toMatchObject([{ requests: 3, tokens: 330 }]);
      expect(await spent("key", "none", 0)).toEqual([]);
    });

    it("reports no call for which nothing was sent as a request, and that there were calls", async () => {
      const skipped = attempt({ outcome: "skipped", meters: undefined, rate: undefined });
      const failed = attempt({ outcome: "error", meters: undefined, rate: undefined });
      const sent = { requests: 3, tokens: 110, dollars: expect.closeTo(EACH, 12) };
      const nothing = { requests: 0, tokens: 0, dollars: 0 };
      const calls = [
        [skipped, failed],
        [attempt(), skipped],
        [failed, failed],
        [],
        [skipped],
        [skipped, skipped],
      ];
      await store.write(
        batch([
          ...calls.map((attempts) => call(NOON, { attempts })),
          call(NOON + HOUR, { attempts: [skipped] }),
          call(NOON + HOUR, { key: "cached", attempts: [] }),
        ]),
      );
      const spent = (id: string, from: number) => store.usage.spentSince({ node: { kind: "key", id }, from });
      expect(await spent("team-a", NOON)).toEqual([
        { at: NOON, ...sent },
        { at: NOON + HOUR, ...nothing },
      ]);
      expect(await spent("team-a", 0)).toEqual([{ at: 0, ...sent }]);
      expect(await spent("cached", 0)).toEqual([{ at: 0, ...nothing }]);
      expect((await store.usage.usage({ ...beside, filter: { key: "team-a" } })).total.calls).toBe(7);
    });

    it("reports what a node used of routes whose names begin alike, by the rule that limits have", async () => {
      const routes = [
        "gpt-5",
        "gpt-5-mini",
        "GPT-5",
        "gpt_5",
        "a%b",
        "aXb",
        "a_c",
        "🎉é-x",
        "🎉é",
        "\\*",
        "gpt-5*",
      ];
      await store.write(batch(routes.map((route) => call(NOON, { route }))));
      for (const listed of [
        ...[["gpt-*"], ["gpt-5"], ["gpt-5*"], ["gpt-5*", "gpt-5-mini", "aXb"], ["gpt_*"], ["GPT*", "gpt-*"]],
        ...[
          ["a%*"],
          ["a_*"],
          ["%*"],
          ["_*"],
          ["🎉*"],
          ["🎉é-*"],
          ["🎉é"],
          ["\\*"],
          ["\\**"],
          ["*"],
          ["x*"],
          ["g*5"],
        ],
      ])
        for (const from of [0, NOON]) {
          const spent = await store.usage.spentSince({
            node: { kind: "key", id: "team-a" },
            ...{ from, routes: listed },
          });
          const count = routes.filter((route) => isListed(listed, route)).length;
          expect([listed, spent.map(({ requests }) => requests)]).toEqual([
            listed,
            count === 0 ? [] : [count],
          ]);
        }
    });
  });

  describe("documents", () => {
    it("change only by their revision", async () => {
      const { documents } = store;
      const first = { id: "a", revision: 1, value: { text: "é", list: [1, null] } };
      expect(await documents.put("key", first)).toBe(true);
      expect(await documents.put("key", first)).toBe(false);
      expect(await documents.get("key", "a")).toEqual(first);
      expect(await documents.get("group", "a")).toBeUndefined();
      expect(await documents.put("key", { ...first, revision: 3 })).toBe(false);
      expect(await documents.put("key", { ...first, revision: 2, value: "new" })).toBe(true);
      expect(await documents.put("key", { ...first, revision: 2 })).toBe(false);
      expect(await documents.put("key", { id: "b", revision: 2, value: 0 })).toBe(false);
      expect(await documents.put("key", { id: "B", revision: 1, value: 0 })).toBe(true);
      expect((await documents.list("key")).map(({ id, revision }) => [id, revision])).toEqual([
        ["B", 1],
        ["a", 2],
      ]);
      expect(await documents.delete("key", "a", 1)).toBe(false);
      expect(await documents.delete("key", "a", 2)).toBe(true);
      expect(await documents.delete("key", "a")).toBe(false);
      expect(await documents.delete("key", "B")).toBe(true);
    });

    it("end when they expire", async () => {
      const { documents } = store;
      const given = { id: "a", revision: 1, value: 1, expiresAt: NOON + 10.5 };
      await documents.put("session", given);
      expect(await documents.list("session")).toHaveLength(1);
      now = NOON + 20.5;
      expect(await documents.get("session", "a")).toBeUndefined();
      expect(await documents.list("session")).toEqual([]);
      expect(await documents.put("session", { ...given, revision: 2 })).toBe(false);
      expect(await documents.put("session", { ...given, expiresAt: NOON + 90 })).toBe(true);
      now = NOON + 100.5;
      await store.prune({});
      expect(await documents.delete("session", "a")).toBe(false);
    });

    it("note when they were used, without a new revision", async () => {
      const { documents } = store;
      await documents.put("key", { id: "a", revision: 1, value: 1 });
      await documents.touch(
        "key",
        new Map([
          ["a", NOON + 0.4],
          ["unknown", 1],
        ]),
      );
      expect(await documents.get("key", "a")).toEqual({ id: "a", revision: 1, value: 1, touchedAt: NOON });
      await documents.put("key", { id: "a", revision: 2, value: 2 });
      expect(await documents.list("key")).toEqual([{ id: "a", revision: 2, value: 2, touchedAt: NOON }]);
    });

    it("let one of several writers win", async () => {
      const tries = Array.from({ length: 10 }, (_, index) =>
        store.documents.put("key", { id: "a", revision: 1, value: index }),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });

    it("are bounded", async () => {
      for (const [id, value] of [
        ["", 1],
        ["a".repeat(201), 1],
        ["a", "a".repeat(2 ** 20)],
        ["a", undefined],
      ] as const)
        await expect(store.documents.put("key", { id, revision: 1, value })).rejects.toMatchObject({
          code: "INVALID_REQUEST",
        });
    });
  });

  describe("the audit log", () => {
    it("is read in pages, the latest first, by filter", async () => {
      const entries = Array.from({ length: 5 }, (_, index) => ({
        id: (NOON + index).toString(16).padStart(12, "0"),
        at: NOON + index,
        actor: index === 2 ? "bob" : "ann",
        role: "owner",
        action: "keys.create",
        target: `key/${index}`,
        status: 201,
        ...(index % 2 === 0 && { details: { name: `é${index}` } }),
      }));
      for (const entry of entries) await store.audit.append(entry);
      const first = await store.audit.read({ limit: 3 });
      expect(first.entries).toEqual([...entries].reverse().slice(0, 3));
      const second = await store.audit.read({ limit: 3, before: first.next });
      expect(second).toEqual({ entries: [...entries].reverse().slice(3), next: undefined });
      for (const [query, count] of [
        [{ actor: "bob" }, 1],
        [{ action: "none" }, 0],
        [{ target: "key/1" }, 1],
        [{ from: NOON + 0.5, to: NOON + 2.5 }, 2],
      ] as const)
        expect((await store.audit.read(query)).entries).toHaveLength(count);
      // An append whose answer was lost is repeated; an entry never changes.
      await store.audit.append({ ...(entries[0] as (typeof entries)[0]), actor: "eve" });
      expect((await store.audit.read({})).entries).toEqual([...entries].reverse());
    });
  });

  describe("retention", () => {
    it("deletes old calls in bounded steps, and leaves their sums", async () => {
      const old = Array.from({ length: 2_100 }, (_, index) => call(NOON - DAY + index));
      await store.write(batch([...old, call(NOON)]));
      expect(await store.prune({ calls: NOON - 0.25, audit: NOON - 0.25 })).toBe(true);
      expect(await store.prune({ calls: NOON, audit: NOON })).toBe(false);
      expect((await pages({ limit: 1_000 })).ids).toHaveLength(1);
      expect((await store.usage.usage({ from: 0, to: NOON + DAY })).total.calls).toBe(2_101);
    });

    it("deletes the sums of sessions with their calls", async () => {
      const times = [NOON - 2 * DAY, NOON - DAY, NOON];
      const others = {
        input: 1,
        output: 1,
        cached: 0,
        cacheWrite: 0,
        reasoning: 0,
        others: { "in:audio": 1 },
      };
      await store.write(
        batch(times.map((time) => call(time, { session: "s", attempts: [attempt({ meters: others })] }))),
      );
      expect(await store.prune({ calls: NOON })).toBe(false);
      const query = { from: NOON - 2 * DAY, to: NOON + DAY };
      const days = await store.usage.usage({ ...query, groupBy: ["session", "day"] });
      // The day on which the time falls stays whole.
      expect(days.groups.map(({ by, calls, others: kept }) => [by.day, calls, kept])).toEqual(
        times.slice(2).map((time) => [time - (time % DAY), 1, { "in:audio": 1 }]),
      );
      expect((await store.usage.usage(query)).total).toMatchObject({ calls: 3, others: { "in:audio": 3 } });
    });
  });
}
