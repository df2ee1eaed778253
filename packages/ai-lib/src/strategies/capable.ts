import { FailoverProvider } from "./failover.js";
import type { Member } from "./member.js";
import type { StrategyOptions } from "./strategy.js";

/**
 * Failover among the members that can take a call: one that is known to lack vision, tools, structured output or
 * the context window is passed over, with the reason in the trail. The same as `failover` with `capable: true`, an
 * option that every strategy has.
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option.
 */
export function capable(members: readonly Member[], options: StrategyOptions = {}): FailoverProvider {
  return new FailoverProvider(members, { ...options, capable: true });
}
