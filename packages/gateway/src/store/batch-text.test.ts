import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeBatch, encodeBatch } from "./batch-text.js";
import type { AttemptRecord, CallRecord, Meters } from "./call-record.js";
import type { LedgerBatch } from "./store.js";

const text = fc.constantFrom("", "a", "b", "same", 'with "quotes"', "\u{1f600}\n", "\ud800");
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const time = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
const count = fc.integer({ min: 0, max: 1_000_000 });

const meters: fc.Arbitrary<Meters> = fc.record({
  input: count,
  output: count,
  cached: count,
  cacheWrite: count,
  reasoning: count,
  others: maybe(fc.dictionary(fc.constantFrom("in:audio", "unit:seconds"), fc.double({ min: 0, max: 100 }))),
});

const attempt = fc.record({
  provider: text,
  model: text,
  outcome: fc.constantFrom("success", "error", "cancelled", "skipped"),
  code: maybe(fc.constantFrom("RATE_LIMIT", "OVERLOADED")),
  status: maybe(fc.integer({ min: 100, max: 599 })),
  startedAt: time,
  endedAt: time,
  firstContentMs: maybe(count),
  meters: maybe(meters),
  estimated: fc.boolean(),
  rate: maybe(text),
  billed: maybe(fc.double({ min: 0, max: 10, noNaN: true })),
}) as fc.Arbitrary<AttemptRecord>;

const call = fc.record({
  id: fc.uuid(),
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
}) as fc.Arbitrary<CallRecord>;

it("a batch is read as it was written", () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
      const price = { input: 1, output: 2 };
      const batch: LedgerBatch = {
        calls,
        contents: [{ call: "a", endedAt: 1, request: "{}", response: undefined }],
        rates: [{ id: "r", provider: "p", model: "m", variant: "", since: 1, price, edited: false }],
      };
      // As JSON, which has no undefined and no negative zero.
      expect(JSON.parse(JSON.stringify(decodeBatch(encodeBatch(batch))))).toEqual(
        JSON.parse(JSON.stringify(batch)),
      );
    }),
  );
});

it("a batch has each text once", () => {
  const one = fc.sample(call, { numRuns: 1, seed: 1 })[0] as CallRecord;
  const calls = Array.from({ length: 50 }, () => ({ ...one, user: "somebody with a long name" }));
  expect(encodeBatch({ calls, contents: [], rates: [] }).match(/somebody/g)).toHaveLength(1);
});
