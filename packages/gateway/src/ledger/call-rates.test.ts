import { type Attempt, costOf, type Price, type PriceSource, type Usage } from "ai-lib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dollarsOf, metersOf } from "../store/meters.js";
import { CallRates } from "./call-rates.js";

const PRICE: Price = {
  ...{ input: 2, output: 8, cachedInput: 0.5, cacheWriteInput: 2.5, cacheWrites: { "5m": 2.5, "1h": 4 } },
  inputByModality: { audio: 10 },
  toolUses: { web_search: 0.01 },
  longContext: { above: 200_000, input: 4, output: 12, cachedInput: 1 },
  tiers: { flex: 0.5 },
};

const pricesOf = (price: Price | undefined): PriceSource => ({
  price: () => price,
  cost: (_provider, _model, usage, _at, _id, tier) => costOf(usage, price, { tier }),
});

function attemptOf(usage: Usage, cost: number | undefined): Attempt {
  return {
    target: { provider: "p", model: "m" },
    outcome: "success",
    ...{ startedAt: 1_000, endedAt: 2_000, usage },
    ...(cost !== undefined && { cost }),
  } as Attempt;
}

const NONE = { input: 0, output: 0, cached: 0, cacheWrite: 0, reasoning: 0 };

describe("the rate of an attempt", () => {
  it("gives the same dollars as the attempt had, whatever it used", () => {
    const rates = new CallRates(pricesOf(PRICE), () => undefined);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400_000 }),
        fc.integer({ min: 0, max: 50_000 }),
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 4, maxLength: 4 }),
        fc.constantFrom(undefined, "flex", "standard", "priority"),
        (input, output, [cached = 0, hour = 0, audio = 0, searches = 0], tier) => {
          const usage: Usage = {
            inputTokens: input + cached + hour,
            outputTokens: output,
            cachedInputTokens: cached,
            cacheWriteInputTokens: hour,
            cacheWrites: [{ ttl: "1h", tokens: hour }],
            inputByModality: { audio },
            toolUses: { web_search: searches },
          };
          const cost = costOf(usage, PRICE, { tier });
          const meters = metersOf(usage);
          const { rate, billed } = rates.of(attemptOf(usage, cost), meters, tier);
          const dollars = billed ?? dollarsOf(meters, 1, rate?.price);
          if (cost === undefined) expect([dollars, rate?.price]).toEqual([undefined, rate?.price]);
          else expect(dollars).toBeCloseTo(cost, 9);
          // What rates cannot express stays as it was billed; all others follow a correction of their rate.
          if (tier !== "priority" && !(usage.inputTokens > 200_000 && audio > 0))
            expect(billed).toBeUndefined();
        },
      ),
    );
  });

  it("is one for each price, threshold and tier, and has the same id in every process", () => {
    const ids = () => {
      const rates = new CallRates(pricesOf(PRICE), () => undefined);
      return (
        [
          [10, undefined],
          [300_000, undefined],
          [10, "flex"],
          [300_000, "flex"],
        ] as const
      ).map(([inputTokens, tier]) => {
        const usage = { inputTokens, outputTokens: 1 };
        return rates.of(attemptOf(usage, costOf(usage, PRICE, { tier })), metersOf(usage), tier).rate;
      });
    };
    expect(ids().map((rate) => rate?.variant)).toEqual(["", "long", "flex", "long flex"]);
    expect(new Set(ids().map((rate) => rate?.id)).size).toBe(4);
    expect(ids()).toEqual(ids());
  });

  it("prices a sum as its rows also where a provider counts more cached tokens than tokens", () => {
    const price = { input: 10, output: 1, cachedInput: 1 };
    const usages: Usage[] = [
      { inputTokens: 100, outputTokens: 0, cachedInputTokens: 1_000 },
      { inputTokens: 1_000, outputTokens: 0 },
    ];
    const [a, b] = usages.map(metersOf);
    const sum = { ...NONE, input: (a?.input ?? 0) + (b?.input ?? 0), cached: a?.cached ?? 0 };
    const rows = usages.reduce((all, usage) => all + (costOf(usage, price) ?? 0), 0);
    expect(dollarsOf(sum, 2, price)).toBeCloseTo(rows, 12);
  });

  it("is one of its own for attempts that used what has no price, so that sums of the others have theirs", () => {
    const rates = new CallRates(pricesOf(PRICE), () => undefined);
    const of = (usage: Usage) =>
      rates.of(attemptOf(usage, costOf(usage, PRICE)), metersOf(usage), undefined).rate;
    const plain = { inputTokens: 10, outputTokens: 1 };
    const odd = { ...plain, toolUses: { unheard_of: 1 } };
    expect([of(plain)?.variant, of(odd)?.variant]).toEqual(["", "incomplete"]);
    expect(of({ ...odd, inputTokens: 300_000 })?.variant).toBe("long incomplete");
    expect(of(odd)?.id).not.toBe(of(plain)?.id);
    const price = of(odd)?.price;
    expect(dollarsOf(metersOf(odd), 1, price)).toBeUndefined();
    // An operator adds what is missing.
    expect(dollarsOf(metersOf(odd), 1, { ...price, toolUses: { unheard_of: 2 } } as Price)).toBeCloseTo(
      2 + (costOf(plain, PRICE) ?? 0),
      9,
    );
  });

  it.each<readonly [what: string, variant: string, price: Price, usage: Usage, cost: number | undefined]>([
    [
      "a picture that is priced by its tokens",
      "unreported",
      PRICE,
      { inputTokens: 0, outputTokens: 0 },
      undefined,
    ],
    [
      "a picture that has a price",
      "",
      { ...PRICE, units: { images: 0.04 } },
      { inputTokens: 0, outputTokens: 0, units: { images: 2 } },
      0.08,
    ],
    [
      "a picture of a free model",
      "",
      { input: 0, output: 0, longContext: { above: 1, input: 0, output: 0 } },
      { inputTokens: 0, outputTokens: 0 },
      0,
    ],
  ])(
    "without a report of usage is not zero dollars for what may cost something: %s",
    (_what, variant, price, usage, cost) => {
      const rates = new CallRates(pricesOf(price), () => undefined);
      // The library gives no cost of 0 to an attempt without a report.
      const attempt: Attempt = { ...attemptOf(usage, cost || undefined), usageStatus: "unsupported" };
      const { rate, billed } = rates.of(attempt, metersOf(usage), undefined);
      expect([rate?.variant, billed]).toEqual([variant, undefined]);
      const dollars = dollarsOf(metersOf(usage), 1, rate?.price);
      expect(dollars === undefined ? undefined : Number(dollars.toFixed(9))).toBe(cost);
    },
  );

  it("is new where the price has changed", () => {
    let price = PRICE;
    const rates = new CallRates({ price: () => price, cost: () => undefined }, () => undefined);
    const usage = { inputTokens: 1, outputTokens: 1 };
    const at = (startedAt: number) =>
      rates.of({ ...attemptOf(usage, undefined), startedAt }, metersOf(usage), undefined).rate?.id;
    const first = at(1_000);
    expect(at(500_000)).toBe(first);
    price = { input: 1, output: 1 };
    expect(at(500_001)).toBe(first);
    expect(at(1_000_000)).not.toBe(first);
  });

  it("has no price where it is unknown, and leaves what a provider billed as it is", () => {
    const rates = new CallRates(pricesOf(undefined), () => undefined);
    const usage = { inputTokens: 1, outputTokens: 1 };
    expect(rates.of(attemptOf(usage, undefined), metersOf(usage), undefined)).toMatchObject({
      rate: { provider: "p", model: "m", price: undefined },
    });
    expect(rates.of(attemptOf(usage, 0.25), metersOf(usage), undefined)).toEqual({ billed: 0.25 });
  });
});
