import { expect, it } from "vitest";
import { server } from "./index.js";

const FAST = { latency: "optimized" };

it.each([
  [{ performanceConfig: FAST }, "fast", undefined],
  [{ serviceTier: { type: "default" } }, "standard", undefined],
  [
    { serviceTier: { type: "default" }, performanceConfig: FAST },
    "fast",
    { serviceTier: { type: "default" } },
  ],
  [{ performanceConfig: { ...FAST, more: 1 } }, "fast", { performanceConfig: { more: 1 } }],
  [
    { serviceTier: { type: "flex" }, performanceConfig: { latency: "standard" } },
    "flex",
    { performanceConfig: { latency: "standard" } },
  ],
])("the tier of %j is %s: the optimized latency costs more than any other", (fields, tier, left) => {
  const { request } = server.decode({
    ...{ method: "POST", path: "/model/m/converse", headers: {} },
    body: JSON.stringify({ messages: [{ role: "user", content: [{ text: "Hi" }] }], ...fields }),
  });
  expect([request.serviceTier, request.extensions?.["bedrock-converse"]]).toEqual([tier, left]);
});
