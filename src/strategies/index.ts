export { FailoverProvider, failover } from "./failover.js";
export type { Member, MemberOptions, ModelChoice } from "./member.js";
export type { MoveOn } from "./movement.js";
export { RoundRobinProvider, roundRobin } from "./round-robin.js";
export type { StrategyOptions } from "./strategy.js";
