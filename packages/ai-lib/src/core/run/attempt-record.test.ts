import { expect, it } from "vitest";
import { scripted } from "../../testing/scripted.js";
import { VirtualClock } from "../../testing/virtual-clock.js";
import type { Call } from "../contract/call.js";
import type { Price } from "../values/model.js";
import { AttemptRecord } from "./attempt-record.js";
import { leafPrices } from "./leaf-prices.js";

const PRICE: Price = { input: 1, output: 1, tiers: { flex: 0.5, priority: 2 } };

it.each([
  [undefined, undefined, 2],
  ["priority", undefined, 4],
  ["priority", "default", 2],
  ["flex", "flex", 1],
  // An endpoint without tiers ignores the field, and its answer names none.
  ["flex", undefined, 2],
  ["odd", undefined, undefined],
])("an answer that was asked for in the tier %s, and came in %s, costs %s", (serviceTier, answered, cost) => {
  const provider = scripted({ name: "up" });
  const leaf = { provider, target: { provider: "up" }, ...leafPrices(() => PRICE) };
  const call = { request: { messages: [], serviceTier }, context: { clock: new VirtualClock() } };
  const record = new AttemptRecord(leaf, call as unknown as Call, "m");
  expect(record.cost({ inputTokens: 1_000_000, outputTokens: 1_000_000 }, "m", answered)).toBe(cost);
});
