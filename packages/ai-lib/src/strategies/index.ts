export { type CheapestProvider, cheapest } from "./cheapest.js";
export {
  type Condition,
  type ConditionalMember,
  type ConditionalProvider,
  conditional,
} from "./conditional.js";
export type { FailoverOn } from "./eligibility.js";
export { type FailoverProvider, failover } from "./failover.js";
export { type HedgedOptions, type HedgedProvider, hedged } from "./hedged.js";
export { type KeysOptions, type KeysProvider, keys } from "./keys.js";
export { type LeastBusyOptions, type LeastBusyProvider, leastBusy } from "./least-busy.js";
export { type LeastLatencyOptions, type LeastLatencyProvider, leastLatency } from "./least-latency.js";
export type { Member, MemberOptions, ModelChoice } from "./member.js";
export { type RoundRobinProvider, roundRobin } from "./round-robin.js";
export { RoutingStrategyBuilder } from "./routing-strategy-builder.js";
export { type StickyOptions, type StickyProvider, sticky } from "./sticky.js";
export type { StrategyOptions } from "./strategy.js";
export { type TaggedOptions, type TaggedProvider, tagged } from "./tagged.js";
export { type WeightedOptions, type WeightedProvider, weighted } from "./weighted.js";
