import { expect, it } from "vitest";
import { costOf } from "./price.js";

const price = { input: 2, output: 10, cachedInput: 0, cacheWriteInput: 4 };
const million = 1_000_000;

it.each([
  ["input and output", { inputTokens: million, outputTokens: million }, price, 12],
  [
    "cache reads that are free",
    { inputTokens: million, outputTokens: 0, cachedInputTokens: million },
    price,
    0,
  ],
  [
    "cache reads without a price of their own",
    { inputTokens: million, outputTokens: 0, cachedInputTokens: million },
    { input: 2, output: 10 },
    2,
  ],
  ["cache writes", { inputTokens: million, outputTokens: 0, cacheWriteInputTokens: million / 2 }, price, 3],
  [
    "more cached than was told in all",
    { inputTokens: 0, outputTokens: 0, cachedInputTokens: million },
    { ...price, cachedInput: 1 },
    1,
  ],
  [
    "reasoning, which is output already",
    { inputTokens: 0, outputTokens: million, reasoningTokens: million },
    price,
    10,
  ],
  ["a free model", { inputTokens: million, outputTokens: million }, { input: 0, output: 0 }, 0],
  ["no known price", { inputTokens: million, outputTokens: 0 }, undefined, undefined],
])("the cost of %s", (_, usage, known, cost) => {
  expect(costOf(usage, known)).toBe(cost);
});
