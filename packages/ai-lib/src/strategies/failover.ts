import type { Call } from "../core/contract/call.js";
import type { Entry, Member } from "./member.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** See {@link failover}. */
export class FailoverProvider extends Strategy {
  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option. */
  constructor(members: readonly Member[], options: StrategyOptions = {}) {
    super("failover", "->", members, options);
  }

  protected order(_call: Call, members: readonly Entry[]): readonly Entry[] {
    return members;
  }
}

/**
 * Asks the members in their order until one answers, as far as the error table allows. Before the first content, the
 * caller does not notice a change of member. After it, the call fails with `partial`, unless `midStream` enables
 * recovery.
 *
 * @example
 * const client = new AiClient(failover([provider("groq"), provider("openai")], { failoverOn: { contentFiltered: true } }));
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option.
 */
export function failover(members: readonly Member[], options?: StrategyOptions): FailoverProvider {
  return new FailoverProvider(members, options);
}
