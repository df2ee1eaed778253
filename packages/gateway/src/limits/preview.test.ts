import { type AiLibError, type ChatProvider, systemClock } from "ai-lib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { limited, NOW, next, PRICE, provider } from "../../test/support/limiter.js";
import type { Limit } from "../keys/record.js";

beforeEach(() => void vi.spyOn(systemClock, "now").mockReturnValue(NOW));
afterEach(() => void vi.restoreAllMocks());

const UP = { provider: "up", model: "m" };

/** What a preview says of one limit, and the message of the call that is then made. */
function compared(limit: Limit, maxTokens: number, routes?: Readonly<Record<string, ChatProvider>>) {
  const { preview, admit, taken } = limited([limit], routes);
  const { limits, refusal } = preview({ maxTokens });
  expect(taken()).toEqual([[0, 0]]);
  let message: string | undefined;
  try {
    admit({ maxTokens });
  } catch (error) {
    message = (error as AiLibError).message;
  }
  expect(refusal?.message).toBe(message);
  return limits.map(({ needs, fits }) => [needs, fits]);
}

describe("the preview of an admission", () => {
  it("says what the call reserves, and the refusal that the call gets, and takes nothing", () => {
    expect(compared({ tokens: 1_000, per: "day" }, 900)).toEqual([[1_000, true]]);
    expect(compared({ tokens: 1_000, per: "day" }, 980)).toEqual([[1_080, false]]);
    // 100 bytes at 2 dollars a million, and 900 or 980 tokens at 10.
    expect(compared({ dollars: 0.0092, per: "day" }, 900)).toEqual([[0.0092, true]]);
    expect(compared({ dollars: 0.0092, per: "day" }, 980)).toEqual([[0.01, false]]);
    expect(compared({ requests: 1, per: "minute" }, 980)).toEqual([[1, true]]);
    expect(compared({ concurrent: 1 }, 980)).toEqual([[1, true]]);
  });

  it("counts what running calls hold", () => {
    const { preview, admit } = limited([{ tokens: 1_000, per: "day" }]);
    admit({ maxTokens: 500 });
    const { limits, refusal } = preview({ maxTokens: 500 });
    expect(limits).toMatchObject([{ needs: 600, reserved: 600, fits: false }]);
    expect(refusal).toMatchObject({ code: "RATE_LIMIT" });
  });

  it("has the limit that the gateway sets for an answer without one", () => {
    expect(limited([{ tokens: 100_000, per: "day" }]).preview().maxTokens).toBe(16_384);
    const small = limited([{ tokens: 5_000, per: "day" }]);
    expect(small.preview().maxTokens).toBe(small.admit().maxTokens);
    expect(limited([{ requests: 1, per: "day" }]).preview().maxTokens).toBeUndefined();
  });

  it("follows an exhausted limit to its route, with the limits that count the call there", () => {
    const chain: readonly Limit[] = [
      { requests: 9, per: "day" },
      { tokens: 500, per: "day", routes: ["chat"], onExhausted: { route: "cheap" } },
      { concurrent: 2, routes: ["chat"] },
      { dollars: 1, per: "day", routes: ["cheap"] },
    ];
    const routes = { chat: provider(), cheap: provider({ price: { input: 1, output: 1 } }) };
    const { preview, admit } = limited(chain, routes);
    const { route, limits, refusal } = preview({ maxTokens: 900 });
    expect([route, refusal]).toEqual(["cheap", undefined]);
    expect(limits.map(({ bucket, needs, fits }) => [bucket.split(": ")[1], needs, fits])).toEqual([
      [expect.stringContaining("requests"), 1, true],
      [expect.stringContaining("tokens"), 1_000, false],
      [expect.stringContaining("dollars"), 0.001, true],
    ]);
    expect(admit({ maxTokens: 900 }).route).toBe("cheap");
    expect(limited(chain.slice(1, 2), routes).preview({ maxTokens: 900 })).toMatchObject({ route: "cheap" });
  });

  it("refuses an attempt as the call does: without a price, and at one that is too high", () => {
    for (const facts of [{}, { price: { input: 2, output: 2_000 } }, { price: PRICE }]) {
      const { preview, admit } = limited([{ dollars: 1, per: "day" }]);
      const found = preview({ maxTokens: 900 }).attemptRefusal({ provider: "up" }, () => facts);
      expect(found?.message).toBe(next(admit({ maxTokens: 900 }), [], facts)?.message);
      expect(found === undefined).toBe("price" in facts && facts.price === PRICE);
    }
    const unpriced = limited([{ dollars: 1, per: "day" }], { chat: provider({}) });
    expect(unpriced.preview().refusal?.message).toMatch("The price of m is unknown");
    const { preview } = limited([{ tokens: 5_000, per: "day" }]);
    expect(preview().attemptRefusal(UP, () => ({}))).toBeUndefined();
  });
});
