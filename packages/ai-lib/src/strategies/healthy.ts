import type { HealthSource } from "../core/contract/health.js";
import { FailoverProvider } from "./failover.js";
import type { Member } from "./member.js";
import type { StrategyOptions } from "./strategy.js";

/**
 * Failover among the members that are up, by a monitor's word; those that are down are asked only after all others,
 * so that a call goes somewhere even when everything is down. The same as `failover` with `health`, an option that
 * every strategy has.
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option.
 */
export function healthy(
  members: readonly Member[],
  health: HealthSource,
  options: StrategyOptions = {},
): FailoverProvider {
  return new FailoverProvider(members, { ...options, health });
}
