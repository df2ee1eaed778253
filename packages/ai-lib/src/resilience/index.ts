export type { CooldownTimes } from "../core/recovery/cooldowns.js";
export {
  type BreakerRule,
  type BreakerRuleFactory,
  consecutiveFailures,
  type FailureRateOptions,
  failureRate,
} from "./breaker-rules.js";
export { type CacheOptions, type CacheProvider, cache } from "./cache.js";
export { type CacheStore, type MemoryCacheOptions, memoryCache } from "./cache-store.js";
export type { CircuitKind } from "./circuit.js";
export {
  type CircuitBreakerOptions,
  type CircuitBreakerProvider,
  circuitBreaker,
} from "./circuit-breaker.js";
export { type ConcurrencyOptions, type ConcurrencyProvider, concurrencyLimit } from "./concurrency.js";
export { type RateLimitOptions, type RateLimitProvider, rateLimit } from "./rate-limit.js";
export { type RetryOptions, type RetryProvider, retry } from "./retry.js";
export { RetryBudget, type RetryBudgetOptions } from "./retry-budget.js";
export { type TimeoutProvider, timeout } from "./timeout.js";
