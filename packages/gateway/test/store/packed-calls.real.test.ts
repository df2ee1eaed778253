import fc from "fast-check";
import { expect, it } from "vitest";
import type { AttemptRecord, CallRecord, Meters } from "../../src/store/call-record.js";
import { openStore } from "../../src/store/open-store.js";
import { callIdOf, halvesOf } from "../../src/store/packed-calls.js";
import { packed } from "../support/calls.js";

const text = fc.constantFrom("a", "b", "same", 'with "quotes"', "\u{1f600}\n", "[]");
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const time = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
const count = fc.integer({ min: 0, max: 1_000_000 });

const meters: fc.Arbitrary<Meters> = fc.record({
  input: count,
  output: count,
  cached: count,
  cacheWrite: count,
  reasoning: count,
  others: maybe(fc.dictionary(fc.constantFrom("in:audio", "unit:seconds"), count)),
});

const attempt = fc.record({
  provider: text,
  model: text,
  dialect: maybe(fc.constantFrom("openai-chat", "deepgram-speak")),
  outcome: fc.constantFrom("success", "error", "cancelled", "skipped"),
  code: maybe(fc.constantFrom("RATE_LIMIT", "OVERLOADED")),
  status: maybe(fc.integer({ min: 100, max: 599 })),
  startedAt: time,
  endedAt: time,
  firstContentMs: maybe(count),
  meters: maybe(meters),
  estimated: fc.boolean(),
  rate: maybe(text),
  billed: maybe(count.map((units) => units / 64)),
}) as fc.Arbitrary<AttemptRecord>;

const call = fc
  .record({
    serial: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    endedAt: time,
    startedAt: time,
    firstContentMs: maybe(count),
    key: text,
    groups: fc.array(text, { maxLength: 3 }),
    user: maybe(text),
    session: maybe(text),
    tags: fc.array(text, { maxLength: 3 }),
    route: text,
    kind: fc.constantFrom("chat", "embed"),
    mode: fc.constantFrom("unary", "stream"),
    dialect: fc.constantFrom("openai-chat", "gemini"),
    model: maybe(text),
    status: fc.constantFrom("success", "error", "cancelled"),
    code: maybe(fc.constantFrom("RATE_LIMIT", "CANCELLED")),
    attempts: fc.array(attempt, { maxLength: 3 }),
  })
  .map(({ serial, ...rest }) => ({
    id: callIdOf(rest.startedAt, serial),
    ...rest,
  })) as fc.Arbitrary<CallRecord>;

it("the halves of an id make the id", () => {
  fc.assert(
    fc.property(call, ({ id, startedAt }) => {
      const halves = halvesOf(id);
      expect(halves?.startedAt).toBe(startedAt);
      expect(callIdOf(startedAt, halves?.serial ?? -1)).toBe(id);
    }),
  );
  for (const id of ["", "call_", "call_none", `call_${"g".repeat(24)}`, `call_${"0".repeat(25)}`])
    expect(halvesOf(id)).toBeUndefined();
});

it("a batch has each text once", () => {
  const one = fc.sample(call, { numRuns: 1, seed: 1 })[0] as CallRecord;
  const calls = Array.from({ length: 50 }, (_, index) => ({ ...one, user: index % 2 === 0 ? "ann" : "bob" }));
  const { texts } = packed(calls);
  expect(new Set(texts.slice(1)).size).toBe(texts.length - 1);
});

it("a store has what was packed, and its sums", async () => {
  const byPlace = (a: CallRecord, b: CallRecord) => a.endedAt - b.endedAt || (a.id < b.id ? -1 : 1);
  const calls = fc.uniqueArray(call, { maxLength: 12, selector: ({ id }) => id });
  await fc.assert(
    fc.asyncProperty(calls, async (written) => {
      const store = await openStore({ sqlite: ":memory:" });
      await store.write({ calls: packed(written), contents: [], rates: [] });
      const page = await store.usage.calls({ after: { at: 0, id: "" }, limit: 100 });
      const { total } = await store.usage.usage({ from: 0, to: 2_000_000_000_000 });
      await store.close();
      const read = page.calls.map(({ dollars: _, meters: __, attempts, ...rest }) => ({
        ...rest,
        attempts: attempts.map(({ dollars: ___, ...attempt_ }) => attempt_),
      }));
      // As JSON, which has no undefined and no negative zero.
      const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
      expect(plain(read)).toEqual(plain([...written].sort(byPlace)));
      const used = written
        .flatMap(({ attempts }) => attempts)
        .filter(({ meters: has, outcome }) => has !== undefined && outcome !== "skipped");
      const sum = (of: (attempt: AttemptRecord) => number) => used.reduce((all, one) => all + of(one), 0);
      expect(total).toMatchObject({
        calls: written.length,
        errors: written.filter(({ status }) => status === "error").length,
        attempts: used.length,
        estimated: sum(({ estimated }) => (estimated ? 1 : 0)),
        input: sum(({ meters: has }) => has?.input ?? 0),
        reasoning: sum(({ meters: has }) => has?.reasoning ?? 0),
      });
      expect(total.others?.["in:audio"] ?? 0).toBeCloseTo(
        sum(({ meters: has }) => has?.others?.["in:audio"] ?? 0),
        6,
      );
    }),
    { numRuns: 60 },
  );
});
