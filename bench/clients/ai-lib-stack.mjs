import { benchProvider, callsOf } from "./ai-lib.mjs";

/** The full stack: a client with failover over two members, retry, timeouts, breaker and observer. */
export const packages = ["ai-lib"];
export const dialects = ["openai", "anthropic", "gemini"];

export async function setup(base, dialect) {
  const { AiClientBuilder } = await import("../../packages/ai-lib/dist/index.js");
  const [first, second] = [
    await benchProvider(base, dialect, "first"),
    await benchProvider(base, dialect, "second"),
  ];
  return callsOf(fullStack(AiClientBuilder, first, second));
}

/** @param AiClientBuilder that of the build which the providers are from */
export function fullStack(AiClientBuilder, first, second) {
  const counts = {};
  return new AiClientBuilder(first)
    .withFailoverChain([second])
    .withRetry()
    .withCircuitBreaker()
    .withTimeouts({ firstContentMs: 30_000, idleMs: 30_000, totalMs: 120_000 })
    .withObserver({
      on(event) {
        counts[event.type] = (counts[event.type] ?? 0) + 1;
      },
    })
    .build();
}
