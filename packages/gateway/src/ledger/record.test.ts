import type { Attempt } from "ai-lib";
import { describe, expect, it } from "vitest";
import { ledgerRow } from "../../test/support/rows.js";
import type { Charged } from "../admission.js";
import { CallRates } from "./call-rates.js";
import { ProviderDialects } from "./provider-dialects.js";
import { recordOf } from "./record.js";

const price = { input: 2, output: 10 };
const facts = {
  rates: new CallRates({ price: () => price, cost: () => undefined }, () => undefined),
  dialects: new ProviderDialects(new Map([["up", "openai-chat"]])),
};

/** The attempts of a call as the ledger has them. */
function recorded(attempts: readonly object[], more: { readonly charged?: Charged } = {}) {
  const at = { startedAt: 1, endedAt: 2 };
  const made = attempts.map(
    (one) => ({ target: { provider: "up" }, outcome: "success", ...at, ...one }) as Attempt,
  );
  const end = { status: "success", usage: undefined, estimated: false, attempts: made } as const;
  return recordOf(ledgerRow({ end, ...more }), 0, facts, () => undefined).attempts;
}

const NOTHING_REPORTED = { usage: { inputTokens: 0, outputTokens: 0 }, usageStatus: "unsupported" };
const KNOWN = { usage: { inputTokens: 10, outputTokens: 0 }, usageStatus: "final", cost: 0.00002 };

describe("an attempt whose cost is unknown", () => {
  it("costs what limits counted for it, as an estimate", () => {
    const failed = { outcome: "error", usage: undefined };
    const one = { rate: undefined, billed: 0.25, estimated: true };
    expect(
      recorded([failed, KNOWN, NOTHING_REPORTED], { charged: { tokens: 0, dollars: 0.25 } }),
    ).toMatchObject([
      { billed: undefined, estimated: false },
      { rate: expect.any(String), billed: undefined, estimated: false },
      one,
    ]);
    // A tool without a known price.
    const tool = { usage: { ...KNOWN.usage, toolUses: { search: 1 } }, usageStatus: "final" };
    expect(recorded([tool, NOTHING_REPORTED], { charged: { tokens: 0, dollars: 0.5 } })).toMatchObject([
      one,
      one,
    ]);
  });

  it("uses the tokens that limits counted where its provider reports none, at the cost that is known", () => {
    const picture = { ...NOTHING_REPORTED, cost: 0.04 };
    expect(recorded([KNOWN, picture], { charged: { tokens: 300, dollars: undefined } })).toMatchObject([
      { meters: { input: 10 }, estimated: false },
      { meters: { input: 300, output: 0 }, billed: 0.04, rate: undefined, estimated: true },
    ]);
    expect(recorded([NOTHING_REPORTED], { charged: { tokens: 300, dollars: 0.5 } })).toMatchObject([
      { meters: { input: 300 }, billed: 0.5, estimated: true },
    ]);
  });

  it("has an unknown price where limits counted nothing", () => {
    expect(recorded([NOTHING_REPORTED])).toMatchObject([
      { rate: expect.any(String), billed: undefined, estimated: true },
    ]);
  });

  it("takes nothing of what limits counted for a copy of its call", () => {
    expect(
      recorded([KNOWN, { outcome: "running" }], { charged: { tokens: 0, dollars: 0.25 } }),
    ).toMatchObject([
      { billed: undefined, estimated: false },
      { billed: undefined, meters: undefined },
    ]);
  });
});

it("an attempt has the dialect of its provider, also where it was skipped", () => {
  const other = { target: { provider: "mine" } };
  expect(recorded([{ outcome: "skipped" }, KNOWN, other]).map(({ dialect }) => dialect)).toEqual([
    ...["openai-chat", "openai-chat", undefined],
  ]);
});
