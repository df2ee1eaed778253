import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { GeminiStreamDecoder } from "./stream.js";

const target: DialectTarget = { provider: "google", model: "gemini-3-flash", quirks: {}, now: 1_000 };

/** What a decoder reports of chunks: as frames, of which many are not parsed, or as parsed values. */
function report(chunks: readonly unknown[], as: "frames" | "values"): unknown[] {
  const reported: unknown[] = [];
  const decoder = new GeminiStreamDecoder(target, {
    event: (event) => reported.push(event),
    finish: (facts) => reported.push({ facts }),
    fail: (error) => reported.push({ code: error.code, message: error.message }),
  });
  for (const chunk of chunks) {
    if (as === "frames") decoder.frame({ data: JSON.stringify(chunk) });
    else decoder.value(JSON.parse(JSON.stringify(chunk)));
  }
  reported.push(decoder.finished);
  decoder.end();
  return reported;
}

const counted = fc.record({
  promptTokenCount: fc.constantFrom(1, 2),
  candidatesTokenCount: fc.nat({ max: 300 }),
});
const usage = fc.option(fc.oneof(counted, fc.constantFrom({}, { trafficType: "ON_DEMAND" })), {
  nil: undefined,
});
const text = fc.constantFrom("", "a", "two words", "a longer text of many words", 'a "quote"', "line\n");
const part = fc.oneof(
  { weight: 6, arbitrary: text.map((text) => ({ text })) },
  { weight: 3, arbitrary: text.map((text) => ({ text, thought: true })) },
  text.map((text) => ({ text, thoughtSignature: "s" })),
  fc.constantFrom(
    { executableCode: { language: "PYTHON", code: "1" } },
    { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1" } },
    { functionCall: { name: "f", args: {} } },
  ),
);
const more = fc.constantFrom(
  ...[{}, {}, {}, {}, { finishReason: "STOP" }, { groundingMetadata: {} }, { avgLogprobs: -1 }],
);
const candidates = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 2 }), more)
  .map(([parts, rest]) => [{ content: { parts, role: "model" }, index: 0, ...rest }]);
const chunk = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record(
      { candidates, usageMetadata: usage, modelVersion: fc.constantFrom("m", "m", "n") },
      { requiredKeys: ["candidates"] },
    ),
  },
  fc.constantFrom({ promptFeedback: { blockReason: "SAFETY" } }, { error: { code: 500, message: "no" } }, {}),
);

describe("chunks of text", () => {
  it("are reported in the same way whether they are parsed or not", () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 40 }), (chunks) => {
        expect(report(chunks, "frames")).toEqual(report(chunks, "values"));
      }),
      { numRuns: 500 },
    );
  });

  it("have the usage of the last of them", () => {
    const of = (count: number) => ({
      candidates: [{ content: { parts: [{ text: "a" }], role: "model" }, index: 0 }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: count },
    });
    const reported = report([of(1), of(2), of(3), { candidates: [{ finishReason: "STOP" }] }], "frames");
    expect(reported.at(-1)).toMatchObject({ facts: { usage: { inputTokens: 1, outputTokens: 3 } } });
  });
});
