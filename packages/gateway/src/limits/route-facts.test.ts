import { type ChatProvider, type ModelFacts, systemClock } from "ai-lib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { routeFacts, TargetPrices } from "./route-facts.js";

const MINUTE = 60_000;
let now = 0;
beforeEach(() => {
  now = Date.UTC(2026, 10, 28);
  vi.spyOn(systemClock, "now").mockImplementation(() => now);
});
afterEach(() => void vi.restoreAllMocks());

type Facts = (model?: string) => ModelFacts | undefined;

/** A provider with facts, which counts how often they are asked for. */
function known(facts: Facts, more: Partial<ChatProvider> = {}) {
  const provider = { name: "up", ...more } as ChatProvider;
  return Object.assign(provider, { facts: vi.fn<Facts>(facts) });
}
const route = (provider: ChatProvider, model?: string) => ({ route: "chat", provider, model });
const priced = (input: number): ModelFacts => ({ price: { input, output: 1 } });

describe("the facts of a route", () => {
  it("are those of its provider for the model", () => {
    const provider = known((model) => ({
      ...{ contextWindow: 100, maxOutputTokens: 10 },
      price: { input: model === "small" ? 1 : 2, output: 3 },
    }));
    expect(routeFacts(route(provider, "small"))).toEqual({
      ...{ contextWindow: 100, maxOutputTokens: 10, prices: [{ input: 1, output: 3 }] },
      unpriced: false,
    });
    expect(routeFacts(route(provider)).prices).toEqual([{ input: 2, output: 3 }]);
  });

  it("are unknown where the provider knows none", () => {
    const none = { contextWindow: undefined, maxOutputTokens: undefined, prices: [] };
    // A provider that tells nothing may still have a price in its attempts.
    expect(routeFacts(route({ name: "bare" } as ChatProvider))).toEqual({ ...none, unpriced: false });
    expect(routeFacts(route(known(() => undefined)))).toEqual({ ...none, unpriced: true });
    expect(routeFacts(route(known(() => ({}))))).toEqual({ ...none, unpriced: true });
  });

  it("have the prices of all members that have one, each for its own model", () => {
    const byModel = (model: string | undefined) => priced(model === undefined ? 0 : model.length);
    const nested = known(() => undefined, {
      members: [known(byModel, { target: { provider: "a", model: "four" } }), known(() => ({}))],
    });
    const all = known(() => ({ contextWindow: 5 }), { members: [nested, known(() => priced(9))] });
    expect(routeFacts(route(all)).prices.map(({ input }) => input)).toEqual([4, 9]);
    expect(routeFacts(route(all, "sixsix")).prices.map(({ input }) => input)).toEqual([6, 9]);
  });

  it("are asked for once a minute, for each model", () => {
    const provider = known(() => ({ contextWindow: 1 }));
    const asked = () => {
      provider.facts.mockClear();
      expect(routeFacts(route(provider, "m"))).toMatchObject({ contextWindow: 1 });
      return provider.facts.mock.calls.length > 0;
    };
    expect([asked(), asked()]).toEqual([true, false]);
    now += MINUTE - 1;
    expect(asked()).toBe(false);
    now++;
    expect([asked(), asked()]).toEqual([true, false]);
    for (let i = 0; i < 99; i++) routeFacts(route(provider, `m${i}`));
    expect(asked()).toBe(false);
    // Names of models come from clients: with the hundred and first, all are forgotten.
    routeFacts(route(provider, "one more"));
    expect(asked()).toBe(true);
  });
});

describe("the prices of targets", () => {
  it("are asked for once a minute, for each model, also where there is none", () => {
    const prices = new TargetPrices();
    const facts = vi.fn((): ModelFacts | undefined => priced(2));
    const asked = (model?: string, given = facts) => {
      given.mockClear();
      const price = prices.of({ provider: "up", ...(model !== undefined && { model }) }, given);
      return [price?.input, given.mock.calls.length];
    };
    expect([asked("m"), asked("m"), asked("n"), asked(), asked()]).toEqual([
      ...[
        [2, 1],
        [2, 0],
        [2, 1],
        [2, 1],
        [2, 0],
      ],
    ]);
    const none = vi.fn(() => undefined);
    expect([asked("o", none), asked("o", none)]).toEqual([
      [undefined, 1],
      [undefined, 0],
    ]);
    now += MINUTE - 1;
    expect(asked("m")).toEqual([2, 0]);
    now++;
    expect(asked("m")).toEqual([2, 1]);
  });

  it("are at most a thousand", () => {
    const prices = new TargetPrices();
    const facts = vi.fn(() => priced(2));
    for (let i = 0; i < 1_000; i++) prices.of({ provider: "up", model: `m${i}` }, facts);
    prices.of({ provider: "up", model: "m0" }, facts);
    expect(facts).toHaveBeenCalledTimes(1_000);
    prices.of({ provider: "up", model: "one more" }, facts);
    prices.of({ provider: "up", model: "m0" }, facts);
    expect(facts).toHaveBeenCalledTimes(1_002);
  });
});
