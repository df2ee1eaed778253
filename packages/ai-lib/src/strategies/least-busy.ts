import type { Call } from "../core/contract/call.js";
import { cellFor, STATE_OPTION_NAMES, type StateOptions } from "../core/contract/state.js";
import { Loads } from "./loads.js";
import type { Entry, Member } from "./member.js";
import { memberKeys } from "./member-key.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Options of {@link leastBusy}. */
export interface LeastBusyOptions extends StrategyOptions, StateOptions {}

/** See {@link leastBusy}. */
export class LeastBusyProvider extends Strategy {
  private readonly loads: Loads;
  private turn = 0;

  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, or an option that is unknown or wrong. */
  constructor(members: readonly Member[], options: LeastBusyOptions = {}) {
    super("least-busy", ",", members, options, STATE_OPTION_NAMES);
    const loads = cellFor(options, "load", this.name, () => new Loads(memberKeys(this.entries)));
    this.loads = loads;
    this.observeMembers(({ index }) => ({
      onOpen: () => loads.begin(index),
      onEnd: () => loads.end(index),
    }));
  }

  /** Calls under way in this process, for each member in its order. */
  get load(): readonly number[] {
    return this.loads.own;
  }

  protected order(call: Call, members: readonly Entry[]): readonly Entry[] {
    const { length } = this.entries;
    const first = this.turn++ % length;
    const now = call.context.clock.now();
    const load = ({ index, weight }: Entry) => this.loads.at(index, now) / weight;
    const place = ({ index }: Entry) => (index - first + length) % length;
    return [...members].sort((a, b) => load(a) - load(b) || place(a) - place(b));
  }
}

/**
 * Asks the member with the fewest running calls first. It divides the number of calls by the weight, so a member of
 * weight 2 gets twice as many. Equal members take turns. A stream counts as running until it ends. After an error, the
 * call moves to the next member.
 *
 * @example
 * const client = new AiClient(leastBusy([provider("groq"), { provider: provider("together"), weight: 2 }]));
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, or an option that is unknown or wrong.
 */
export function leastBusy(members: readonly Member[], options?: LeastBusyOptions): LeastBusyProvider {
  return new LeastBusyProvider(members, options);
}
