/** The shape of strategies and wrappers: what each takes, and that each is a provider. Compiled in CI, never run. */
import { AiClient, AiClientBuilder, type ChatProvider } from "ai-lib";
import { HealthMonitor } from "ai-lib/health";
import { cache, circuitBreaker, concurrencyLimit, rateLimit, retry, timeout } from "ai-lib/resilience";
import { memory } from "ai-lib/state";
import {
  cheapest,
  conditional,
  failover,
  hedged,
  keys,
  leastBusy,
  leastLatency,
  type Member,
  type ModelChoice,
  roundRobin,
  sticky,
  tagged,
  weighted,
} from "ai-lib/strategies";
import { expectTypeOf } from "vitest";

export function members(a: ChatProvider, b: ChatProvider): void {
  expectTypeOf(a).toExtend<Member>();
  expectTypeOf<{
    provider: ChatProvider;
    model: string;
    weight: number;
    tags: string[];
  }>().toExtend<Member>();
  expectTypeOf<"groq">().not.toExtend<Member>();
  expectTypeOf<ModelChoice>().toEqualTypeOf<
    string | Readonly<Record<string, string>> | ((requested: string | undefined) => string | undefined)
  >();
  // Any strategy is a provider, so any may be within any other.
  const all = [
    failover([a, b]),
    roundRobin([a, b]),
    weighted([a, { provider: b, weight: 2 }]),
    cheapest([a, b]),
    leastBusy([a, b]),
    leastLatency([a, b], { explore: 0.1 }),
    hedged([a, b], { afterMs: 100, percentile: 0.95, maxHedges: 1 }),
    sticky([a, b], { prefixCharacters: 100 }),
    keys([a, b], { cooldown: { rateLimitMs: 1_000 } }),
    conditional([{ provider: a, when: (call) => call.kind === "chat" }, b]),
    tagged([{ provider: a, tags: ["eu"] }], { want: () => ["eu"] }),
    retry(a, { maxRetries: 2 }),
    timeout(a, { totalMs: 100 }),
    circuitBreaker(a),
    rateLimit(a, { requestsPerMinute: 10 }),
    concurrencyLimit(a, { limit: 2 }),
    cache(a),
  ];
  expectTypeOf<(typeof all)[number]>().toExtend<ChatProvider>();
  failover(all, { health: new HealthMonitor(), capable: true, failoverOn: { contentFiltered: true } });
  circuitBreaker(a, { state: memory(), stateKey: "eu" });
}

export function refusals(a: ChatProvider): void {
  // @ts-expect-error A strategy takes a list.
  failover(a);
  // @ts-expect-error A strategy takes providers, not their names.
  failover(["groq"]);
  // @ts-expect-error No such option.
  failover([a], { failoverOn: { everything: true } });
  // @ts-expect-error No such option of hedged.
  hedged([a, a], { delayMs: 5 });
  // @ts-expect-error A tag is chosen by a function.
  tagged([a], {});
  // @ts-expect-error A limit is required.
  rateLimit(a);
}

export function clients(a: ChatProvider, b: ChatProvider): void {
  expectTypeOf(new AiClient(failover([a, b]))).toExtend<ChatProvider>();
  const builder = new AiClientBuilder("groq");
  expectTypeOf(builder.withStrategy(roundRobin([a, b]))).toEqualTypeOf<AiClientBuilder>();
  expectTypeOf(builder.withStrategy((all) => hedged(all))).toEqualTypeOf<AiClientBuilder>();
  expectTypeOf(
    builder.withRetry().withCircuitBreaker().withTimeouts({ totalMs: 1 }).build(),
  ).toEqualTypeOf<AiClient>();
  expectTypeOf(builder.buildProvider()).toEqualTypeOf<ChatProvider>();
  // @ts-expect-error No such option.
  builder.withRetry({ retries: 2 });
}
