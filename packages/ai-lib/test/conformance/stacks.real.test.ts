import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AiClientBuilder } from "../../src/client/builder.js";

import type { ChatProvider } from "../../src/core/contract/provider.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import { defineProvider } from "../../src/providers/endpoint/define.js";
import { defineChatProvider } from "../../src/providers/own/adapter.js";
import { circuitBreaker, concurrencyLimit, rateLimit, retry, timeout } from "../../src/resilience/index.js";
import {
  cheapest,
  failover,
  hedged,
  leastBusy,
  leastLatency,
  roundRobin,
  sticky,
  weighted,
} from "../../src/strategies/index.js";
import { conformingAnswer, runConformance } from "../../src/testing/conformance/index.js";
import { type Simulator, startSimulator } from "../../src/testing/simulator.js";
import { SIMULATED } from "./simulated.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ answer: conformingAnswer });
  simulator.always("down", { status: 503 });
});
afterAll(() => simulator.close());

const at = (endpoint: string, dialect: "openai-chat" | "anthropic-messages" | "gemini" = "openai-chat") =>
  defineProvider(
    { id: endpoint, dialect, baseUrl: simulator.baseUrl(endpoint, dialect), model: "simulated" },
    { apiKey: "k" },
  );
const pair = (): ChatProvider[] => [at("one"), at("two", "anthropic-messages")];

/** Every way to put providers together; each is asked as one provider is. */
const STACKS: readonly (readonly [string, () => ChatProvider])[] = [
  ["failover, its first member down", () => failover([at("down"), at("one", "gemini")])],
  ["a round robin of two dialects", () => roundRobin(pair())],
  ["weighted", () => weighted(pair().map((provider, i) => ({ provider, weight: i + 1 })))],
  ["the least busy", () => leastBusy(pair())],
  ["the least latency", () => leastLatency(pair())],
  ["the cheapest", () => cheapest(pair())],
  ["sticky", () => sticky(pair())],
  ["hedged", () => hedged(pair(), { afterMs: 200 })],
  ["retry", () => retry(at("one"))],
  ["a circuit breaker", () => circuitBreaker(at("one"))],
  ["a concurrency limit", () => concurrencyLimit(at("one"), { limit: 4 })],
  ["a rate limit", () => rateLimit(at("one"), { requestsPerMinute: 1_000_000 })],
  ["a timeout", () => timeout(at("one"), { firstContentMs: 10_000 })],
  [
    "ten layers",
    () =>
      failover([
        circuitBreaker(at("down")),
        roundRobin([
          retry(timeout(hedged([at("one"), at("two")], { afterMs: 500 }), { idleMs: 10_000 })),
          leastBusy([concurrencyLimit(circuitBreaker(at("three", "gemini")), { limit: 8 })]),
        ]),
      ]),
  ],
  [
    "what a client is built on, for production",
    () =>
      new AiClientBuilder()
        .withStrategy(() => failover([at("down"), at("one")]))
        .forProduction()
        .buildProvider(),
  ],
];

describe("a stack keeps the contract as one provider does", () => {
  it.concurrent.each(STACKS)("%s", { timeout: 120_000 }, async (_, make) => {
    const report = await runConformance(make(), { capabilities: SIMULATED, promptMs: 5_000 });
    expect(report.cases.filter(({ status }) => status === "failed")).toEqual([]);
  });
});

/** What the actor says, for providers that are written by hand. */
function said(request: ChatRequest): string {
  return conformingAnswer({ ...request, tools: [] })
    .content.map((part) => (part.type === "text" ? part.text : ""))
    .join("");
}

async function* words(request: ChatRequest): AsyncGenerator<string> {
  for (const word of said(request).split(/(?<= )/)) {
    await Promise.resolve();
    yield word;
  }
}

describe("an own provider keeps the contract in a few lines", () => {
  it("as a generator of texts", async () => {
    const provider = defineChatProvider({ name: "words", model: "m", stream: words });
    const report = await runConformance(provider, { capabilities: { stream: true } });
    expect(report.cases.filter(({ status }) => status === "failed")).toEqual([]);
    // A generator that returns nothing cannot say that it has reached maxTokens.
    expect(report.undeclared).not.toContain("maxTokens");
  });

  it("as a function that answers whole", async () => {
    const provider = defineChatProvider({
      name: "whole",
      model: "m",
      chat: (request) => conformingAnswer({ ...request, tools: [] }),
    });
    const report = await runConformance(provider, { capabilities: { maxTokens: true } });
    expect(report.cases.filter(({ status }) => status === "failed")).toEqual([]);
    // It was not declared to stream, and does not.
    expect(report.undeclared).not.toContain("stream");
  });
});
