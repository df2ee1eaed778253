import type { Price } from "ai-lib";
import { describe, expect, it } from "vitest";
import { dollarBound, type PricedBound } from "./dollar-bound.js";

const bound = (more: Partial<PricedBound> = {}): PricedBound => ({
  ...{ input: 1_000, output: 100, media: false, units: {} },
  ...more,
});
const PRICE: Price = { input: 2, output: 10 };

/** 1,000 tokens at $2 and 100 at $10 per million, in billionths of a dollar. */
const BASE = 3_000_000;

describe("the most that an attempt costs", () => {
  it.each<readonly [string, Price | undefined, Partial<PricedBound>, string | undefined, number | undefined]>(
    [
      ["is unknown without a price", undefined, {}, undefined, undefined],
      ["counts the prompt and the answer", PRICE, {}, undefined, BASE],
      ["is a whole number, rounded up", { input: 0.0001, output: 0 }, { input: 11, output: 0 }, undefined, 2],
      ["counts what each request costs", { ...PRICE, request: 0.5 }, {}, undefined, BASE + 500_000_000],
      [
        "takes the price of writing to a cache",
        { ...PRICE, cacheWriteInput: 3 },
        {},
        undefined,
        BASE + 1_000_000,
      ],
      [
        "takes the highest price of a cache",
        { ...PRICE, cacheWrites: { "1h": 4, "5m": 3 } },
        {},
        undefined,
        BASE + 2_000_000,
      ],
      ["takes no lower price of a cache", { ...PRICE, cacheWriteInput: 1 }, {}, undefined, BASE],
      [
        "takes the price of media for a prompt with media",
        { ...PRICE, inputByModality: { audio: 5 } },
        { media: true },
        undefined,
        BASE + 3_000_000,
      ],
      [
        "takes the price of text for a prompt of text",
        { ...PRICE, inputByModality: { audio: 5 } },
        {},
        undefined,
        BASE,
      ],
      [
        "takes no lower price of media",
        { ...PRICE, inputByModality: { audio: 1 } },
        { media: true },
        undefined,
        BASE,
      ],
      [
        "takes the highest price of an answer",
        { ...PRICE, outputByModality: { audio: 20 } },
        {},
        undefined,
        BASE + 1_000_000,
      ],
      [
        "is at list price up to the threshold of a long context",
        { ...PRICE, longContext: { above: 1_000, input: 4, output: 15 } },
        {},
        undefined,
        BASE,
      ],
      [
        "is at the price of a long context beyond it",
        { ...PRICE, longContext: { above: 999, input: 4, output: 15 } },
        {},
        undefined,
        5_500_000,
      ],
      [
        "is not lower for a long context of media",
        { ...PRICE, inputByModality: { audio: 5 }, longContext: { above: 999, input: 4, output: 5 } },
        { media: true },
        undefined,
        6_000_000,
      ],
      ["is at list price in the standard tier", PRICE, {}, "Default", BASE],
      ["is at list price where a vendor chooses the tier", PRICE, {}, "auto", BASE],
      ["has the factor of a tier", { ...PRICE, tiers: { priority: 2 } }, {}, "PRIORITY", 2 * BASE],
      [
        "has the factor of a standard tier that the price lists",
        { ...PRICE, tiers: { standard: 3 } },
        {},
        "standard",
        3 * BASE,
      ],
      ["has no factor where no tier is asked for", { ...PRICE, tiers: { standard: 3 } }, {}, undefined, BASE],
      [
        "has the factor of Google's words",
        { ...PRICE, tiers: { flex: 3 } },
        {},
        "SERVICE_TIER_FLEX",
        3 * BASE,
      ],
      [
        "is not less than list price, which a vendor may take",
        { ...PRICE, tiers: { flex: 0.5 } },
        {},
        "flex",
        BASE,
      ],
      ["is unknown in an unknown tier", PRICE, {}, "flex", undefined],
      ["is unknown for a name that objects inherit", PRICE, {}, "constructor", undefined],
      [
        "counts other units, which no tier makes dearer",
        { ...PRICE, tiers: { priority: 2 }, units: { images: 0.04 } },
        { units: { images: 2 } },
        "priority",
        2 * BASE + 80_000_000,
      ],
      [
        "counts several units",
        { ...PRICE, units: { images: 0.25, seconds: 0.125 } },
        { units: { images: 1, seconds: 3 } },
        undefined,
        BASE + 625_000_000,
      ],
      [
        "is unknown where a billed unit is not counted",
        { ...PRICE, units: { images: 0.04, seconds: 0.01 } },
        { units: { images: 1 } },
        undefined,
        undefined,
      ],
      ["does not count units without a price", PRICE, { units: { images: 2 } }, undefined, BASE],
    ],
  )("%s", (_what, price, more, tier, expected) => {
    expect(dollarBound(price, bound(more), tier)).toBe(expected);
    // The rates of a price are computed once.
    expect(dollarBound(price, bound(more), tier)).toBe(expected);
  });
});
