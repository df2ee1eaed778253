import { type AiLibError, type ChatProvider, systemClock } from "ai-lib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { attempt, end, limited, NOW, PRICE, provider } from "../../test/support/limiter.js";
import type { Limit } from "../keys/record.js";

beforeEach(() => void vi.spyOn(systemClock, "now").mockReturnValue(NOW));
afterEach(() => void vi.restoreAllMocks());

function refusal(run: () => unknown): Partial<AiLibError> {
  try {
    run();
  } catch (error) {
    return error as AiLibError;
  }
  throw new Error("was not refused");
}

const TOKENS: Limit = { tokens: 10_000, per: "day" };
const DOLLARS: Limit = { dollars: 1, per: "day" };

describe("a call without limits", () => {
  it("holds nothing", () => {
    const { admit } = limited([]);
    const ticket = admit();
    expect(Object.keys(ticket).sort()).toEqual(["release", "settle"]);
    ticket.settle(end([]));
    ticket.release();
  });

  it("is one to a route that no limit counts", () => {
    const { admit, taken } = limited([{ requests: 1, per: "day", routes: ["other"] }]);
    for (let i = 0; i < 3; i++) expect("route" in admit()).toBe(false);
    expect(taken()).toEqual([[0, 0]]);
  });
});

describe("a limited call", () => {
  it("holds the most that it can use until it ends", () => {
    const { admit, taken } = limited([TOKENS, DOLLARS, { requests: 5, per: "day" }, { concurrent: 2 }]);
    const ticket = admit({ maxTokens: 200 });
    expect(taken()).toEqual([
      [0, 300],
      [0, 2_200_000],
      [0, 1],
      [0, 1],
    ]);
    expect([ticket.maxTokens, ticket.route]).toEqual([200, undefined]);
    ticket.settle(end([attempt()]));
    expect(taken()).toEqual([
      [50, 0],
      [340_000, 0],
      [1, 0],
      [0, 0],
    ]);
    const other = admit({ maxTokens: 200 });
    other.release();
    expect(taken()).toEqual([
      [50, 0],
      [340_000, 0],
      [1, 0],
      [0, 0],
    ]);
  });

  it("does not hold more of a prompt than the context window", () => {
    const { admit, taken } = limited([TOKENS], { chat: provider({ contextWindow: 60 }) });
    admit({ maxTokens: 200 });
    expect(taken()).toEqual([[0, 260]]);
  });

  it("costs what the dearest member costs, as far as prices are known", () => {
    const members = [provider({ price: { input: 1, output: 1 } }), provider(), provider({})];
    const { admit, taken } = limited([DOLLARS], { chat: { ...provider({}), members } as ChatProvider });
    admit({ maxTokens: 200 });
    expect(taken()).toEqual([[0, 2_200_000]]);
  });

  it("costs what its service tier costs", () => {
    const facts = { price: { ...PRICE, tiers: { priority: 3 } } };
    const { admit, taken } = limited([DOLLARS], { chat: provider(facts) });
    admit({ maxTokens: 200, serviceTier: "priority" });
    expect(taken()).toEqual([[0, 6_600_000]]);
    // A kind without tiers is at list price.
    admit({ serviceTier: "priority" } as never, { kind: "embed" });
    expect(taken()).toEqual([[0, 6_600_000 + 200_000]]);
  });

  it("holds what fields of vendors ask for besides the limit of the answer", () => {
    const { admit, taken } = limited([TOKENS, DOLLARS]);
    admit({ maxTokens: 200 }, { fields: { max_tokens: 200, best_of: 3, thinking_budget: 50 } });
    expect(taken()).toEqual([
      [0, 100 + 3 * 250],
      [0, 200_000 + 3 * 2_500_000],
    ]);
  });

  it("without an end holds what the gateway allows", () => {
    const { admit, taken } = limited([TOKENS], { chat: provider() }, 1_234);
    expect(admit({ maxTokens: 200 }, { fields: { max_tokens: 200, n_predict: -1 } }).maxTokens).toBe(1_234);
    expect(taken()).toEqual([[0, 1_334]]);
  });

  it("is refused where a limit counts dollars, and nobody knows a price", () => {
    const routes = { chat: provider({}) };
    expect(refusal(() => limited([TOKENS, DOLLARS], routes).admit())).toMatchObject({
      code: "QUOTA_EXHAUSTED",
      retryAt: undefined,
      message:
        "The price of m is unknown, and key ci: dollars per day counts the call; the operator adds it to `prices`",
    });
    expect(limited([TOKENS], routes).admit().maxTokens).toBeDefined();
  });

  it("is refused whole where one limit has no room", () => {
    const { admit, taken } = limited([TOKENS, { requests: 1, per: "hour" }]);
    admit({ maxTokens: 200 });
    expect(refusal(() => admit({ maxTokens: 200 }))).toMatchObject({
      code: "RATE_LIMIT",
      message: expect.stringContaining("key ci: requests per hour"),
    });
    expect(taken()).toEqual([
      [0, 300],
      [0, 1],
    ]);
  });

  it("that is too large says how much it may use", () => {
    const { admit } = limited([
      { requests: 9, per: "day" },
      { tokens: 500, per: "day" },
    ]);
    expect(refusal(() => admit({ maxTokens: 401 }))).toMatchObject({
      code: "INVALID_REQUEST",
      message: expect.stringContaining("The call may use 501 tokens"),
    });
    admit({ maxTokens: 400 });
  });
});

describe("an answer without a limit of its own", () => {
  it.each<readonly [string, readonly Limit[], object, number | undefined, number]>([
    ["gets one where a limit counts tokens", [{ tokens: 100_000, per: "day" }], {}, 16_384, 16_484],
    ["gets one where a limit counts dollars", [DOLLARS], {}, 16_384, 164_040_000],
    ["gets that of its model", [TOKENS], { maxOutputTokens: 800 }, 800, 900],
    ["gets one that fits a small limit", [{ tokens: 5_000, per: "day" }], {}, 4_096, 4_196],
    ["gets half where it does not fit by one", [{ tokens: 16_483, per: "day" }], {}, 8_192, 8_292],
    ["gets the whole where it fits exactly", [{ tokens: 16_484, per: "day" }], {}, 16_384, 16_484],
    ["gets no less than 256", [{ tokens: 400, per: "day" }], { maxOutputTokens: 400 }, 256, 356],
    ["gets one that fits all limits", [TOKENS, { tokens: 700, per: "hour" }], {}, 512, 612],
    ["gets none for limits of calls alone", [{ requests: 5, per: "day" }], {}, undefined, 1],
    ["gets none for soft limits alone", [{ tokens: 100_000, per: "day", soft: true }], {}, undefined, 16_484],
    [
      "gets one where one limit of several is hard",
      [{ tokens: 100_000, per: "month", soft: true }, TOKENS],
      {},
      8_192,
      8_292,
    ],
    [
      "gets none by a hard limit of calls",
      [
        { tokens: 100_000, per: "day", soft: true },
        { requests: 5, per: "day" },
      ],
      {},
      undefined,
      16_484,
    ],
  ])("%s", (_what, limits, facts, maxTokens, held) => {
    const { admit, taken } = limited(limits, { chat: provider({ price: PRICE, ...facts }) });
    expect(admit().maxTokens).toBe(maxTokens);
    expect(taken()[0]).toEqual([0, held]);
  });

  it("is refused where even the shortest one does not fit", () => {
    const { admit } = limited([{ tokens: 355, per: "day" }]);
    expect(refusal(() => admit())).toMatchObject({ code: "INVALID_REQUEST" });
  });

  it("gets the limit of the configuration", () => {
    const { admit } = limited([TOKENS], { chat: provider() }, 1_234);
    expect(admit().maxTokens).toBe(1_234);
    expect(admit({ maxTokens: 5 }).maxTokens).toBe(5);
    // A server may read zero as no limit.
    expect(admit({ maxTokens: 0 }).maxTokens).toBe(1);
  });
});

describe("an exhausted limit that names a route", () => {
  const other = (route: string, requests = 1): Limit => ({
    requests,
    per: "day",
    routes: ["chat"],
    onExhausted: { route },
  });

  it("sends the call there, and does not count it", () => {
    const { admit, taken } = limited([other("spare"), { requests: 9, per: "day" }], {
      chat: provider(),
      spare: provider(),
    });
    expect([admit().route, admit().route, admit().route]).toEqual([undefined, "spare", "spare"]);
    expect(taken()).toEqual([
      [0, 1],
      [0, 3],
    ]);
  });

  it("sends it to a route without limits", () => {
    const { admit } = limited([other("spare")], { chat: provider(), spare: provider() });
    admit();
    expect(admit()).toMatchObject({ route: "spare" });
  });

  it("does not count it there, though it counts the route", () => {
    const { admit, taken } = limited([{ requests: 1, per: "day", onExhausted: { route: "spare" } }], {
      chat: provider(),
      spare: provider(),
    });
    admit();
    expect(admit().route).toBe("spare");
    expect(taken()).toEqual([[0, 1]]);
  });

  it("refuses where there is no such route, or none is named", () => {
    for (const one of [other("nowhere"), { requests: 1, per: "day", onExhausted: "refuse" } as const]) {
      const { admit } = limited([one]);
      admit();
      expect(refusal(() => admit())).toMatchObject({ code: "QUOTA_EXHAUSTED" });
    }
  });

  it("takes the first limit that names one", () => {
    const { admit } = limited([{ requests: 1, per: "hour" }, other("spare")], {
      chat: provider(),
      spare: provider(),
    });
    admit();
    // The limit without a route has no room on the other route either.
    expect(refusal(() => admit())).toMatchObject({
      code: "RATE_LIMIT",
      message: expect.stringContaining("per hour"),
    });
  });

  it("takes the next limit that names one, where the key may not ask for the first", () => {
    const limits = [other("secret"), other("spare")];
    const routes = { chat: provider(), secret: provider(), spare: provider() };
    const asked: string[] = [];
    const { admit, preview } = limited(limits, routes, undefined, (_, name) => {
      asked.push(name);
      return name !== "secret";
    });
    admit();
    expect([preview().route, admit().route, asked]).toEqual([
      "spare",
      "spare",
      ["secret", "spare", "secret", "spare"],
    ]);
    const closed = limited(limits, routes, undefined, () => false);
    closed.admit();
    expect(refusal(() => closed.admit())).toMatchObject({
      code: "QUOTA_EXHAUSTED",
      retryAt: expect.any(Number),
      message: expect.stringMatching(/This key may not ask for the route that would answer instead$/),
    });
  });

  it("sends a call on five times at most", () => {
    const names = ["chat", "r1", "r2", "r3", "r4", "r5", "r6"];
    const routes = Object.fromEntries(names.map((name) => [name, provider()]));
    const through = (count: number) => {
      const limits = names.slice(0, count).map((name, index): Limit => {
        return { requests: 1, per: "day", routes: [name], onExhausted: { route: names[index + 1] ?? "" } };
      });
      const { admit, chain } = limited(limits, routes);
      for (const { bucket } of chain) bucket.hold(NOW, 1);
      return admit;
    };
    expect(through(5)()).toMatchObject({ route: "r5" });
    expect(refusal(() => through(6)())).toMatchObject({ code: "QUOTA_EXHAUSTED" });
  });
});
