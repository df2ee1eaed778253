import * as catalogue from "@pydantic/genai-prices";
import { beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../core/contract/clock.js";
import type { PriceSource } from "../core/values/price.js";
import type { Usage } from "../core/values/usage.js";
import { ProviderFactory } from "../providers/factory.js";
import { cheapest } from "../strategies/index.js";
import { scripted } from "../testing/index.js";
import { knownPrices, loadPrices, priceList } from "./cost.js";
import { PRICE_IDS } from "./provider-names.generated.js";

/** 2026-11-01, so that a price that changes later changes no test. */
const AT = Date.UTC(2026, 10, 1);

const request = { messages: [{ role: "user", content: "Why?" }] } as const;

let prices: PriceSource;
beforeAll(async () => {
  prices = await loadPrices();
});

describe("the prices that come with the package", () => {
  it.each<[string, string, string, Usage, string | undefined, number | undefined]>([
    [
      "a cache write of an hour",
      "anthropic",
      "claude-sonnet-5-5",
      {
        inputTokens: 1e6,
        outputTokens: 0,
        cacheWriteInputTokens: 1e6,
        cacheWrites: [{ ttl: "1h", tokens: 1e6 }],
      },
      undefined,
      4,
    ],
    [
      "a dated name",
      "anthropic",
      "claude-sonnet-5-5-20260929",
      { inputTokens: 1e6, outputTokens: 0 },
      undefined,
      2,
    ],
    [
      "searches",
      "anthropic",
      "claude-sonnet-5-5",
      { inputTokens: 0, outputTokens: 0, toolUses: { web_search: 3 } },
      undefined,
      0.03,
    ],
    [
      "a tool without a price",
      "anthropic",
      "claude-sonnet-5-5",
      { inputTokens: 1, outputTokens: 1, toolUses: { code_execution: 1 } },
      undefined,
      undefined,
    ],
    ["a tier", "google", "gemini-3.8-flash", { inputTokens: 1e6, outputTokens: 0 }, "flex", 0.375],
    [
      "a tier without a price",
      "anthropic",
      "claude-sonnet-5-5",
      { inputTokens: 1, outputTokens: 1 },
      "priority",
      undefined,
    ],
    ["a long prompt", "xai", "grok-4.7", { inputTokens: 3e5, outputTokens: 0 }, undefined, 1.2],
    [
      "another model",
      "openai",
      "gpt-6.2-sol-mini",
      { inputTokens: 1, outputTokens: 1 },
      undefined,
      undefined,
    ],
  ])("count %s", (_what, provider, model, usage, tier, dollars) => {
    const cost = knownPrices().cost(provider, model, usage, AT, undefined, tier);
    if (dollars === undefined) expect(cost).toBeUndefined();
    else expect(cost).toBeCloseTo(dollars, 10);
  });

  it("end when they are said to, and are unknown in hours that have another", () => {
    const usage = { inputTokens: 1e6, outputTokens: 0 };
    const cost = (provider: string, model: string, at: number) =>
      knownPrices().cost(provider, model, usage, at);
    expect(cost("google", "gemini-3.8-flash", Date.UTC(2026, 11, 31, 23, 59))).toBeCloseTo(0.75, 10);
    expect(cost("google", "gemini-3.8-flash", Date.UTC(2027, 0, 1))).toBeUndefined();
    expect(cost("deepseek", "deepseek-flash", Date.UTC(2026, 10, 2, 12))).toBeCloseTo(0.15, 10);
    expect(cost("deepseek", "deepseek-flash", Date.UTC(2026, 10, 2, 2))).toBeUndefined();
  });

  it("are those of at least 35 default models", () => {
    const known = ProviderFactory.ids().filter((id) => {
      const { model } = ProviderFactory.data(id);
      return model !== undefined && prices.price(id, model, Date.UTC(2026, 10, 2, 12)) !== undefined;
    });
    expect(known.length).toBeGreaterThanOrEqual(35);
  });
});

describe("the catalogue's prices", () => {
  const cases: readonly [what: string, provider: string, model: string, usage: Usage, dollars: number][] = [
    ["input and output", "openai", "gpt-4o", { inputTokens: 1e6, outputTokens: 1e6 }, 2.5 + 10],
    [
      "cache reads at their own price",
      "openai",
      "gpt-4o",
      { inputTokens: 1e6, outputTokens: 0, cachedInputTokens: 4e5 },
      0.6 * 2.5 + 0.4 * 1.25,
    ],
    [
      "cache writes at their own price",
      "anthropic",
      "claude-sonnet-4-5",
      { inputTokens: 1000, outputTokens: 10, cachedInputTokens: 500, cacheWriteInputTokens: 300 },
      (200 * 3 + 500 * 0.3 + 300 * 3.75 + 10 * 15) / 1e6,
    ],
    [
      "reasoning once, as the output that it is",
      "openai",
      "gpt-4o",
      { inputTokens: 0, outputTokens: 1000, reasoningTokens: 900 },
      0.01,
    ],
    [
      "a long prompt by its tier",
      "google",
      "gemini-2.5-pro",
      { inputTokens: 250_000, outputTokens: 10 },
      (250_000 * 2.5 + 10 * 15) / 1e6,
    ],
    [
      "a provider that has another name there",
      "bedrock",
      "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
      { inputTokens: 1e6, outputTokens: 0 },
      3.3,
    ],
  ];

  it.each(cases)("count %s", (_what, provider, model, usage, dollars) => {
    expect(prices.cost(provider, model, usage, AT)).toBeCloseTo(dollars, 10);
  });

  it.each([
    ["a provider that it does not know", "my-vllm", "gpt-4o"],
    ["a server of one's own, whatever its model is called", "vllm", "gpt-4o"],
    ["a provider whose name holds another's", "my-openai", "gpt-4o"],
    ["a model that it does not know", "openai", "gpt-unheard-of"],
    ["a model without prices by the token", "openai", "whisper-1"],
  ])("are undefined and never 0 for %s", (_what, provider, model) => {
    expect(prices.cost(provider, model, { inputTokens: 10, outputTokens: 10 }, AT)).toBeUndefined();
    expect(prices.price(provider, model, AT)).toBeUndefined();
  });

  it("are undefined for counts that contradict each other", () => {
    const usage = { inputTokens: 10, outputTokens: 1, cachedInputTokens: 50 };
    expect(prices.cost("openai", "gpt-4o", usage, AT)).toBeUndefined();
  });

  it("tell the price by the token, the first tier of it", () => {
    expect(prices.price("google", "gemini-2.5-pro", AT)).toEqual({
      input: 1.25,
      output: 10,
      cachedInput: 0.125,
      tiers: { flex: 0.5, batch: 0.5 },
    });
  });

  it("name every provider by an id of the catalogue", () => {
    for (const id of ProviderFactory.ids()) {
      const name = ProviderFactory.data(id).priceId ?? undefined;
      expect(PRICE_IDS.get(id)).toBe(name);
      if (name !== undefined) expect(catalogue.findProvider({ providerId: name })?.id).toBe(name);
    }
  });

  it("are those of the id that the data of a provider of your own names", () => {
    const usage = { inputTokens: 1e6, outputTokens: 0 };
    expect(prices.cost("labs", "gpt-4o", usage, AT, "openai")).toBe(2.5);
    expect(prices.price("labs", "gpt-4o", AT, "openai")).toEqual(prices.price("openai", "gpt-4o", AT));
    expect(prices.price("labs", "gpt-4o", AT)).toBeUndefined();
  });

  it("are never guessed from an id that the catalogue does not have", () => {
    const usage = { inputTokens: 1e6, outputTokens: 0 };
    for (const id of ["OpenAI", "openai-proxy", "gpt-4o", ""])
      expect(prices.cost("labs", "gpt-4o", usage, AT, id)).toBeUndefined();
  });

  it("are those of now, by the source's clock, if no time is given", async () => {
    const later = await loadPrices({ clock: { ...systemClock, now: () => AT } });
    expect(later.price("openai", "gpt-4o")).toEqual(prices.price("openai", "gpt-4o", AT));
  });

  it("refuse an unknown option", async () => {
    await expect(loadPrices({ time: 1 } as object)).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  });
});

describe("a price list of your own", () => {
  const own = { "labs/gpt-x": { input: 1, output: 4 }, "flat/*": { input: 2, output: 2 } };

  it("prices a model, every model of a provider, and asks on for the rest", () => {
    const list = priceList(own, prices);
    const usage = { inputTokens: 1e6, outputTokens: 1e6 };
    expect(list.cost("labs", "gpt-x", usage, AT)).toBe(5);
    expect(list.cost("flat", "anything", usage, AT)).toBe(4);
    expect(list.cost("openai", "gpt-4o", usage, AT)).toBe(12.5);
    expect(list.cost("labs", "other", usage, AT)).toBeUndefined();
  });

  it("is not fooled by names that every object has", () => {
    expect(priceList(own).price("__proto__", "x", AT)).toBeUndefined();
    expect(priceList({}).price("constructor", "constructor", AT)).toBeUndefined();
  });
});

describe("what a call cost", () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 0 };
  const price = { input: 3, output: 3 };

  it("comes from the facts of a custom provider", async () => {
    const own = scripted({ name: "labs", facts: { price }, replies: [{ usage }] });
    expect((await own.chat(request)).cost).toBe(3);
  });

  it("is undefined if no price is known", async () => {
    const response = await scripted({ name: "labs", replies: [{ usage }] }).chat(request);
    expect(response).not.toHaveProperty("cost");
    expect(response.attempts[0]).not.toHaveProperty("cost");
  });

  it("follows the prices of the call before any other", async () => {
    const own = scripted({ name: "labs", facts: { price }, replies: [{ usage }] });
    const response = await own.chat(request, { prices: priceList({ "labs/*": { input: 7, output: 0 } }) });
    expect(response.cost).toBe(7);
  });

  it("is recorded for an attempt that failed midway and for one that its caller left", async () => {
    const failing = scripted({
      name: "labs",
      facts: { price },
      replies: [{ text: ["four", "four"], cut: true }],
    });
    const attempts: unknown[] = [];
    const observer = {
      on(event: { type: string; attempt?: unknown }) {
        if (event.type === "attempt-end") attempts.push(event.attempt);
      },
    };
    await expect(failing.stream(request, { observer }).response()).rejects.toThrow();
    const left = scripted({ name: "labs", facts: { price }, replies: [{ text: "four", silent: true }] });
    for await (const event of left.stream(request, { observer })) if (event.type === "text-delta") break;
    expect(attempts).toMatchObject([
      { outcome: "error", usageStatus: "estimated", usage: { outputTokens: 2 } },
      { outcome: "cancelled", usageStatus: "estimated", usage: { outputTokens: 1 } },
    ]);
    for (const { usage, cost } of attempts as { usage: Usage; cost: number }[])
      expect(cost).toBeCloseTo(((usage.inputTokens + usage.outputTokens) * 3) / 1e6, 12);
  });

  it("survives a price source that throws", async () => {
    const broken: PriceSource = {
      cost() {
        throw new Error("broken");
      },
      price: () => undefined,
    };
    const response = await scripted({ name: "labs", replies: [{ usage }] }).chat(request, { prices: broken });
    expect(response).not.toHaveProperty("cost");
  });
});

describe("prices given to a provider", () => {
  const at = { apiKey: "key", environment: {}, baseUrl: "http://127.0.0.1:1" };

  it("fill its facts, where they name no price themselves", () => {
    const groq = ProviderFactory.create("groq", { ...at, model: "openai/gpt-oss-120b", prices });
    expect(groq.facts()?.price).toEqual({ input: 0.15, output: 0.6, cachedInput: 0.075 });
    const own = { "openai/gpt-oss-120b": { price: { input: 1, output: 1 } } };
    const dear = ProviderFactory.create("groq", { ...at, model: "openai/gpt-oss-120b", prices, models: own });
    expect(dear.facts()?.price).toEqual({ input: 1, output: 1 });
  });

  it("let the cheapest be asked first", async () => {
    const list = priceList({ "dear/m": { input: 9, output: 9 }, "cheap/m": { input: 1, output: 1 } });
    const member = (name: string) => scripted({ name, target: { provider: name, model: "m" } });
    const both = cheapest([member("dear"), member("cheap")]);
    expect((await both.chat(request)).provider).toBe("dear");
    expect((await both.chat(request, { prices: list })).provider).toBe("cheap");
  });
});

it("calls for the catalogue of a program with the first price that is not known", async () => {
  let calls = 0;
  const lazy = await loadPrices({
    catalogue: () => {
      calls++;
      return catalogue;
    },
  });
  const usage = { inputTokens: 1e6, outputTokens: 0 };
  expect(lazy.cost("anthropic", "claude-sonnet-5-5", usage, AT)).toBe(2);
  expect(calls).toBe(0);
  const cost = lazy.cost("openai", "gpt-4o", usage, AT);
  expect(cost).toBeGreaterThan(0);
  expect(cost).toBe(prices.cost("openai", "gpt-4o", usage, AT));
  expect(calls).toBe(1);
});
