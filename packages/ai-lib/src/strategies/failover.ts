import type { Call } from "../core/contract/call.js";
import type { Entry, Member } from "./member.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/**
 * Asks the members in their order until one answers, as far as the error table lets an error move. Until the
 * first content reaches the caller a change of member is invisible; after it the call fails with `partial`,
 * unless `midStream` asked for recovery.
 */
export class FailoverProvider extends Strategy {
  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option. */
  constructor(members: readonly Member[], options: StrategyOptions = {}) {
    super("failover", "->", members, options);
  }

  protected order(_call: Call, members: readonly Entry[]): readonly Entry[] {
    return members;
  }
}

/** @see FailoverProvider */
export function failover(members: readonly Member[], options?: StrategyOptions): FailoverProvider {
  return new FailoverProvider(members, options);
}
