import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { costOf, type Price } from "ai-lib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AttemptRecord, CallRecord } from "../../src/store/call-record.js";
import type { StoreLocation } from "../../src/store/location.js";
import { openStore } from "../../src/store/open-store.js";
import { callIdOf } from "../../src/store/packed-calls.js";
import type { UsageDimension, UsageGroup } from "../../src/store/queries.js";
import type { SqlStore } from "../../src/store/sql/store.js";
import { attempt, DAY, HOUR, packed } from "../support/calls.js";
import { type Postgres, startPostgres } from "../support/postgres.js";

const MIDNIGHT = Date.UTC(2026, 2, 29);

let folder: string;
let postgres: Postgres;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollups-"));
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres?.close();
  await rm(folder, { recursive: true });
}, 60_000);

/** What prices have besides those of tokens. */
const MORE = { inputByModality: { audio: 30 }, toolUses: { search: 0.01 } };

const pick = <T>(...values: T[]) => fc.constantFrom(...values);
const tokens = fc.integer({ min: 0, max: 1e9 });

const anAttempt: fc.Arbitrary<AttemptRecord> = fc
  .record({
    provider: pick("p", "q"),
    model: pick("m", "n"),
    outcome: pick("success" as const, "error" as const, "skipped" as const),
    isUsed: pick(true, true, false),
    estimated: fc.boolean(),
    price: pick<string | number>("a", "b", "unknown", 0.25),
    meters: fc.record({
      ...{ input: tokens, output: tokens, cached: pick(0), cacheWrite: pick(0), reasoning: tokens },
      others: pick(undefined, { "in:audio": 3 }, { "unit:seconds": 0.5, "tool:search": 1 }),
    }),
  })
  .map(({ isUsed, price, meters, ...rest }) => ({
    ...attempt({ ...rest, meters: undefined, rate: undefined }),
    ...(isUsed && { meters, ...(typeof price === "number" ? { billed: price } : { rate: price }) }),
  }));

const aCall: fc.Arbitrary<CallRecord> = fc
  .record({
    hour: fc.integer({ min: -30, max: 30 }),
    /** Around the edges of hours. */
    offset: pick(0, 1, -1, HOUR - 1, HOUR / 2),
    /** Calls that ended before others began come later, and some run for days. */
    lasts: pick(0, 5, HOUR, 2 * DAY),
    serial: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    key: pick("k1", "k2"),
    groups: pick<string[]>([], ["acme"], ["acme", "search"]),
    user: pick(undefined, "ann", "böb"),
    session: pick(undefined, "s1", "s2"),
    tags: pick<string[]>([], ["x"], ["x", "y"]),
    route: pick("chat", "other"),
    status: pick("success" as const, "error" as const, "cancelled" as const),
    attempts: fc.array(anAttempt, { maxLength: 3 }),
  })
  .map(({ hour, offset, lasts, serial, attempts, ...rest }) => {
    const startedAt = MIDNIGHT + hour * HOUR + offset;
    const timed = attempts.map((one) => ({ ...one, startedAt, endedAt: startedAt }));
    return {
      ...{
        id: callIdOf(startedAt, serial),
        startedAt,
        endedAt: startedAt + lasts,
        kind: "chat",
        mode: "unary",
      },
      ...{ dialect: "openai-chat", attempts: timed, ...rest },
    } as CallRecord;
  });

/** What happens to a store: some writer writes some calls, again or not, or all are opened anew, or a price changes. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      writer: fc.nat(2),
      calls: fc.array(aCall, { maxLength: 6 }),
      again: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: pick("restart" as const, "price" as const) },
);

interface Sum {
  calls: number;
  errors: number;
  attempts: number;
  estimated: number;
  input: number;
  output: number;
  reasoning: number;
  dollars: number;
  unpriced: number;
  seconds: number;
}

/** The groups of a call or of one of its attempts: one for each member of its lists. */
function groupsOf(
  by: readonly UsageDimension[],
  call: CallRecord,
  { provider, model }: { provider?: string; model?: string },
): string[] {
  let found: (string | number | undefined)[][] = [[]];
  const of = (name: UsageDimension): readonly (string | number | undefined)[] => {
    if (name === "hour") return [call.startedAt - (call.startedAt % HOUR)];
    if (name === "day") return [call.startedAt - (call.startedAt % DAY)];
    if (name === "group") return call.groups.length === 0 ? [undefined] : call.groups;
    if (name === "tag") return call.tags.length === 0 ? [undefined] : call.tags;
    if (name === "provider") return [provider];
    if (name === "model") return [model];
    return [call[name]];
  };
  for (const name of by) found = found.flatMap((known) => of(name).map((value) => [...known, value]));
  return found.map((values) => JSON.stringify(values.map((value) => value ?? null)));
}

/** Adds rows up, one by one. */
function expected(
  calls: readonly CallRecord[],
  by: readonly UsageDimension[],
  prices: ReadonlyMap<string, Price>,
) {
  const sums = new Map<string, Sum>();
  const sumOf = (name: string): Sum => {
    const none = {
      calls: 0,
      errors: 0,
      attempts: 0,
      estimated: 0,
      input: 0,
      output: 0,
      reasoning: 0,
      dollars: 0,
      unpriced: 0,
      seconds: 0,
    };
    const sum = sums.get(name) ?? none;
    sums.set(name, sum);
    return sum;
  };
  for (const call of calls) {
    if (by.includes("session") && call.session === undefined) continue;
    for (const name of groupsOf(
      by,
      call,
      call.attempts.findLast(({ outcome }) => outcome !== "skipped") ?? {},
    )) {
      sumOf(name).calls++;
      if (call.status === "error") sumOf(name).errors++;
    }
    for (const one of call.attempts) {
      const { meters, outcome, rate, billed, estimated } = one;
      if (meters === undefined || outcome === "skipped") continue;
      const price = prices.get(rate ?? "");
      const usage = {
        ...{ inputTokens: meters.input, outputTokens: meters.output },
        inputByModality: { audio: meters.others?.["in:audio"] ?? 0 },
        toolUses: { search: meters.others?.["tool:search"] ?? 0 },
      };
      for (const name of groupsOf(by, call, one)) {
        const sum = sumOf(name);
        sum.attempts++;
        if (estimated) sum.estimated++;
        sum.input += meters.input;
        sum.output += meters.output;
        sum.reasoning += meters.reasoning;
        sum.seconds += meters.others?.["unit:seconds"] ?? 0;
        if (billed !== undefined) sum.dollars += billed;
        else if (price === undefined) sum.unpriced++;
        else sum.dollars += costOf(usage, price) ?? 0;
      }
    }
  }
  return sums;
}

function answered({
  calls,
  errors,
  attempts,
  estimated,
  input,
  output,
  reasoning,
  dollars,
  unpriced,
  others,
}: UsageGroup): Sum {
  const seconds = others?.["unit:seconds"] ?? 0;
  return { calls, errors, attempts, estimated, input, output, reasoning, dollars, unpriced, seconds };
}

const QUESTIONS: readonly (readonly UsageDimension[])[] = [
  ...[["hour"], ["day"], ["key"], ["group"], ["user"], ["session"], ["tag"], ["route"], ["kind"]],
  ...[
    ["provider"],
    ["model"],
    ["group", "model", "day"],
    ["tag", "user", "hour"],
    ["session", "day", "provider"],
  ],
] as UsageDimension[][];

/** Compares all sums of a store with its rows. */
async function compare(store: SqlStore, calls: readonly CallRecord[], prices: ReadonlyMap<string, Price>) {
  for (const groupBy of QUESTIONS) {
    const wanted = expected(calls, groupBy, prices);
    const { groups } = await store.usage.usage({
      from: MIDNIGHT - 3 * DAY,
      to: MIDNIGHT + 4 * DAY,
      groupBy,
      limit: 10_000,
    });
    const got = new Map(
      groups.map((group) => [JSON.stringify(groupBy.map((name) => group.by[name] ?? null)), answered(group)]),
    );
    expect([groupBy, [...got.keys()].sort()]).toEqual([groupBy, [...wanted.keys()].sort()]);
    for (const [name, sum] of wanted) {
      const { dollars, ...rest } = got.get(name) as Sum;
      const { dollars: right, ...exact } = sum;
      expect([groupBy, name, rest]).toEqual([groupBy, name, exact]);
      expect(Math.abs(dollars - right)).toBeLessThanOrEqual(1e-9 * right + 1e-12);
    }
  }
}

it.each(["SQLite", "PostgreSQL"])(
  "sums in %s are those of the rows: late ones, of several writers, sent again, over restarts and price changes",
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const place: StoreLocation =
          kind === "SQLite"
            ? { sqlite: join(folder, `${++count}.db`) }
            : { postgres: await postgres.database(`r_${++count}`) };
        const openAll = () => Promise.all([openStore(place), openStore(place), openStore(place)]);
        let stores = await openAll();
        const written = new Map<string, CallRecord>();
        const prices = new Map<string, Price>([
          ["a", { input: 2, output: 10, ...MORE }],
          ["b", { input: 1, output: 4, ...MORE }],
        ]);
        const rates = [...prices].map(([id, price]) => ({
          ...{ id, provider: "p", model: "m", variant: "", since: MIDNIGHT, price, edited: false },
        }));
        await stores[0].write({ calls: packed([]), contents: [], rates });
        for (const one of steps) {
          if (one === "restart") {
            for (const store of stores) await store.close();
            stores = await openAll();
          } else if (one === "price") {
            const now = prices.get("a") as Price;
            const next = { ...now, input: now.input + 1, output: now.output * 2 };
            expect(await stores[0].rates.setPrice("a", next, now)).toBe(true);
            prices.set("a", next);
          } else {
            const fresh = one.calls.filter(
              ({ id }, index, all) => !written.has(id) && all.findIndex((other) => other.id === id) === index,
            );
            for (const call of fresh) written.set(call.id, call);
            const calls = one.again ? [...written.values()].slice(-10) : fresh;
            const store = stores[one.writer] as SqlStore;
            await store.write({ calls: packed(calls), contents: [], rates }, one.again);
          }
        }
        // Those that only a batch that was not sent again would have brought.
        await stores[0].write({ calls: packed([...written.values()]), contents: [], rates }, true);
        const page = await stores[1].usage.calls({ limit: 1_000 });
        expect(page.calls).toHaveLength(written.size);
        await compare(stores[2], [...written.values()], prices);
        for (const store of stores) await store.close();
      }),
      { numRuns: kind === "SQLite" ? 25 : 8, seed: 22 },
    );
  },
  180_000,
);
