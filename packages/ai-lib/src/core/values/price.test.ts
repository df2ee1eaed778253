import { describe, expect, it } from "vitest";
import type { Price } from "./model.js";
import { costOf, isStandardTier } from "./price.js";
import type { Usage } from "./usage.js";

const M = 1_000_000;
const price: Price = {
  input: 2,
  output: 10,
  cachedInput: 0.2,
  cacheWriteInput: 2.5,
  cacheWrites: { "5m": 2.5, "1h": 4 },
  inputByModality: { audio: 6 },
  outputByModality: { image: 30 },
  toolUses: { web_search: 0.01 },
  request: 0.005,
  tiers: { flex: 0.5, priority: 2 },
  longContext: { above: 2 * M, input: 4, output: 15, cachedInput: 0.4 },
};

const used = (more: Partial<Usage>): Usage => ({ inputTokens: 0, outputTokens: 0, ...more });

describe("the cost of an answer", () => {
  it.each<[string, Usage, number]>([
    ["input and output", used({ inputTokens: M, outputTokens: M }), 12],
    ["cache reads", used({ inputTokens: M, cachedInputTokens: M }), 0.2],
    ["cache writes without a lifetime", used({ inputTokens: M, cacheWriteInputTokens: M }), 2.5],
    [
      "cache writes by lifetime",
      used({
        inputTokens: M,
        cacheWriteInputTokens: M,
        cacheWrites: [
          { ttl: "5m", tokens: M / 2 },
          { ttl: "1h", tokens: M / 2 },
        ],
      }),
      3.25,
    ],
    ["audio at its own price", used({ inputTokens: M, inputByModality: { audio: M / 2, text: M / 2 } }), 4],
    ["images in as text", used({ inputTokens: M, inputByModality: { image: M } }), 2],
    ["images out at their own price", used({ outputTokens: M, outputByModality: { image: M } }), 30],
    ["searches", used({ toolUses: { web_search: 2 } }), 0.02],
    ["a long prompt", used({ inputTokens: 3 * M }), 12],
    ["a prompt at the threshold", used({ inputTokens: 2 * M }), 4],
    [
      "passes, each with its own threshold",
      used({
        inputTokens: 3 * M,
        passes: [
          { type: "message", inputTokens: 1.5 * M, outputTokens: 0 },
          { type: "compaction", inputTokens: 1.5 * M, outputTokens: 0 },
        ],
      }),
      6,
    ],
  ])("counts %s", (_what, usage, dollars) => {
    expect(costOf(usage, price)).toBeCloseTo(dollars + 0.005, 10);
  });

  it.each<[string, Usage]>([
    ["audio", used({ inputTokens: 1, inputByModality: { audio: 1 } })],
    ["images out", used({ outputTokens: 1, outputByModality: { image: 1 } })],
    ["a tool", used({ toolUses: { web_search: 1 } })],
    [
      "a pass of another model",
      used({
        passes: [
          { type: "message", inputTokens: 1, outputTokens: 1 },
          { type: "advisor", model: "other", inputTokens: 1, outputTokens: 1 },
        ],
      }),
    ],
  ])("is unknown where the price of %s is", (_what, usage) => {
    expect(costOf(usage, { input: 1, output: 1 })).toBeUndefined();
  });

  it("is unknown for a lifetime beside those that have a price", () => {
    const usage = used({
      inputTokens: 1,
      cacheWriteInputTokens: 1,
      cacheWrites: [{ ttl: "12h", tokens: 1 }],
    });
    expect(costOf(usage, price)).toBeUndefined();
    expect(costOf(usage, { input: 1, output: 1 })).toBe(1e-6);
  });

  it("counts a pass of another model by that model's price", () => {
    const usage = used({
      passes: [
        { type: "message", inputTokens: M, outputTokens: 0 },
        { type: "advisor", model: "other", inputTokens: M, outputTokens: 0 },
      ],
    });
    const priceOf = (model: string) => (model === "other" ? { input: 7, output: 7 } : undefined);
    expect(costOf(usage, price, { priceOf })).toBeCloseTo(9.005, 10);
  });

  it.each<[string | undefined, number | undefined]>([
    [undefined, 2.005],
    ["default", 2.005],
    ["standard", 2.005],
    ["on_demand", 2.005],
    ["flex", 1.005],
    ["SERVICE_TIER_FLEX", 1.005],
    ["priority", 4.005],
    ["reserved", undefined],
    ["constructor", undefined],
  ])("of the tier %s is %s", (tier, dollars) => {
    const cost = costOf(used({ inputTokens: M }), price, { tier });
    if (dollars === undefined) expect(cost).toBeUndefined();
    else expect(cost).toBeCloseTo(dollars, 10);
  });

  it("has no price for a model that is unknown", () => {
    expect(costOf(used({ inputTokens: 1 }), undefined)).toBeUndefined();
    expect(isStandardTier("flex")).toBe(false);
  });
});
