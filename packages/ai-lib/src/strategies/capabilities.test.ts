import { describe, expect, it } from "vitest";
import type { ModelFacts } from "../core/values/model.js";
import { mergeCapabilities } from "./capabilities.js";

const known: ModelFacts = {
  contextWindow: 100,
  maxOutputTokens: 10,
  input: ["text"],
  output: ["text"],
  tools: false,
  structuredOutput: false,
  reasoning: false,
  prefill: false,
  price: { input: 1, output: 2 },
};

describe("the capabilities of several models together", () => {
  it.each<readonly [string, readonly (ModelFacts | undefined)[], ModelFacts | undefined]>([
    ["of none are unknown", [], undefined],
    ["of one are its own", [known], known],
    ["of one unknown model are unknown", [undefined], undefined],
    ["of unknown models are unknown", [undefined, undefined], undefined],
    ["beside an unknown model have only the price", [known, undefined], { price: { input: 1, output: 2 } }],
    ["beside an unknown first model have nothing", [undefined, known], {}],
    ["of two models that know nothing have nothing", [{}, {}], {}],
    ["of equal models are the same", [known, known], known],
    [
      "are the largest bounds, all modalities and the first price",
      [
        known,
        {
          ...known,
          contextWindow: 900,
          maxOutputTokens: 5,
          input: ["text", "image"],
          output: ["audio"],
          price: { input: 7, output: 7 },
        },
        known,
      ],
      { ...known, contextWindow: 900, input: ["text", "image"], output: ["text", "audio"] },
    ],
  ])("%s", (_what, all, expected) => {
    expect(mergeCapabilities(all)).toEqual(expected);
    // A property that is unknown is absent.
    expect(Object.values(mergeCapabilities(all) ?? {})).not.toContain(undefined);
  });

  it.each(["tools", "structuredOutput", "reasoning", "prefill"] as const)(
    "have %s where one has it, and lack it where all are known to lack it",
    (name) => {
      const merged = (...values: readonly (boolean | undefined)[]) =>
        mergeCapabilities(values.map((value) => (value === undefined ? {} : { [name]: value })))?.[name];
      expect(merged(false, true, undefined)).toBe(true);
      expect(merged(false, false)).toBe(false);
      expect(merged(false, undefined)).toBeUndefined();
    },
  );
});
