import { expect, it } from "vitest";
import { memoryTransport } from "../../../test/support/memory-transport.js";
import type { ObserverEvent } from "../../core/contract/observer.js";
import type { ErrorCode } from "../../core/values/error-code.js";
import type { PriceSource } from "../../core/values/price.js";
import { cheapest } from "../../strategies/index.js";
import { ProviderFactory } from "../factory.js";
import { deepSeek } from "../vendors/deepseek.js";
import { defineProvider } from "./define.js";

const transport = memoryTransport({
  status: 200,
  headers: { "content-type": "application/json" },
  body: new TextEncoder().encode(
    JSON.stringify({
      model: "gpt-x",
      choices: [{ message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 1_000_000, completion_tokens: 0 },
    }),
  ),
});
const request = { messages: [{ role: "user", content: "Hello" }] } as const;

/** Prices by `priceId` alone. */
const byPriceId: PriceSource = {
  cost: (_provider, _model, usage, _at, priceId) =>
    priceId === "acme" ? usage.inputTokens / 1e6 : undefined,
  price: (_provider, _model, _at, priceId) => (priceId === "acme" ? { input: 1, output: 1 } : undefined),
};

const labs = {
  id: "labs",
  dialect: "openai-chat",
  baseUrl: "https://llm.labs.example/v1",
  model: "gpt-x",
} as const;
const make = (data: Parameters<typeof defineProvider>[0], prices?: PriceSource) =>
  defineProvider(data, { apiKey: "k", environment: {}, transport, prices });

it("prices a provider of your own by the price id in its data, from its own prices and from a call's", async () => {
  const data = { ...labs, priceId: "acme" };
  expect((await make(data, byPriceId).chat(request)).cost).toBe(1);
  expect(make(data, byPriceId).facts()?.price).toEqual({ input: 1, output: 1 });
  expect((await make(data).chat(request, { prices: byPriceId })).cost).toBe(1);
  expect((await make(labs).chat(request, { prices: byPriceId })).cost).toBeUndefined();
});

it("lets a strategy compare prices by price id", async () => {
  const known = make({ ...labs, id: "known", priceId: "acme" });
  const response = await cheapest([make(labs), known]).chat(request, { prices: byPriceId });
  expect(response.provider).toBe("known");
});

it("tells observers the name of a provider in telemetry if it is not the id", async () => {
  const names = async (data: Parameters<typeof defineProvider>[0]) => {
    const events: ObserverEvent[] = [];
    await make(data).chat(request, { observer: { on: (event) => events.push(event) } });
    return events.flatMap((event) => (event.type === "attempt-start" ? [event.telemetryName] : []));
  };
  expect(await names({ ...labs, telemetryName: "acme.ai" })).toEqual(["acme.ai"]);
  expect(await names(labs)).toEqual([undefined]);
});

it("takes the names of a prebuilt provider along into one's own that is made of it", () => {
  const own = make({ ...deepSeek, id: "deepseek-eu" });
  expect(own.priceId).toBe("deepseek");
  expect(make({ ...deepSeek, id: "deepseek-free", priceId: null }).priceId).toBeUndefined();
});

it.each<[id: string, status: number, body: unknown, code: ErrorCode]>([
  ["zai", 429, { error: { code: "1113", message: "错误" } }, "QUOTA_EXHAUSTED"],
  ["zhipu", 429, { error: { code: "1211", message: "错误" } }, "MODEL_NOT_FOUND"],
  ["zhipu", 400, { error: { code: "1261", message: "错误" } }, "CONTEXT_TOO_LONG"],
  ["zhipu", 400, { error: { code: "1301", message: "错误" } }, "CONTENT_FILTERED"],
  ["zhipu", 429, { error: { code: "1302", message: "错误" } }, "RATE_LIMIT"],
  ["zai-coding", 429, { error: { code: "1305", message: "错误" } }, "OVERLOADED"],
  ["zhipu", 401, { error: { code: "1000", message: "错误" } }, "AUTH_FAILED"],
  ["iflytek-spark", 403, { error: { code: "11200", message: "AppIdNoAuthError" } }, "PERMISSION_DENIED"],
  ["iflytek-spark", 400, { error: { code: 11202, message: "AppIdQpsOverFlowError" } }, "RATE_LIMIT"],
  ["baidu", 200, { error_code: 18, error_msg: "Open api qps request limit reached" }, "RATE_LIMIT"],
  ["baidu", 200, { error_code: 110, error_msg: "Access token invalid" }, "AUTH_FAILED"],
  ["baidu", 400, { error: { code: "336007", message: "x" } }, "CONTEXT_TOO_LONG"],
  ["minimax", 200, { base_resp: { status_code: 1002, status_msg: "x" } }, "RATE_LIMIT"],
  ["minimax", 200, { base_resp: { status_code: 1004, status_msg: "x" } }, "AUTH_FAILED"],
  ["minimax-cn", 200, { base_resp: { status_code: 1008, status_msg: "x" } }, "QUOTA_EXHAUSTED"],
  ["minimax", 200, { base_resp: { status_code: 1027, status_msg: "x" } }, "CONTENT_FILTERED"],
  // The same numbers mean nothing elsewhere.
  ["groq", 400, { error: { code: 1001, message: "x" } }, "INVALID_REQUEST"],
  ["deepseek", 400, { error: { code: "1301", message: "x" } }, "INVALID_REQUEST"],
])("classifies the codes of %s: %i %j", async (id, status, body, code) => {
  const reply = memoryTransport({
    status,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
  });
  const provider = ProviderFactory.create(id, { apiKey: "k", environment: {}, transport: reply });
  await expect(provider.chat(request)).rejects.toMatchObject({ code });
});
