import { benchProvider, callsOf } from "./ai-lib.mjs";

/** The full stack: a client with failover over two members, retry, timeouts, breaker and observer. */
export const packages = ["ai-lib"];
export const dialects = ["openai", "anthropic", "gemini"];

export async function setup(base, dialect) {
  const { AiClientBuilder } = await import("../../packages/ai-lib/dist/index.js");
  const counts = {};
  const client = new AiClientBuilder(await benchProvider(base, dialect, "first"))
    .withFailoverChain([await benchProvider(base, dialect, "second")])
    .withRetry()
    .withCircuitBreaker()
    .withTimeouts({ firstContentMs: 30_000, idleMs: 30_000, totalMs: 120_000 })
    .withObserver({
      on(event) {
        counts[event.type] = (counts[event.type] ?? 0) + 1;
      },
    })
    .build();
  return callsOf(client);
}
