import type { Call } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Entry, Member } from "./member.js";
import { type CallListener, ObservedMember } from "./observed-member.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/**
 * Asks the member first that has the fewest calls of this strategy under way, each counted by the member's weight:
 * a member of weight 2 may have twice as many. Among equals the turn goes round. A stream is under way until it
 * ends.
 */
export class LeastBusyProvider extends Strategy implements CallListener {
  private readonly running: Int32Array;
  private readonly watched: readonly ObservedMember[];
  private turn = 0;

  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option. */
  constructor(members: readonly Member[], options: StrategyOptions = {}) {
    super("least-busy", ",", members, options);
    this.running = new Int32Array(this.entries.length);
    this.watched = this.entries.map((entry) => new ObservedMember(entry, this));
  }

  /** Calls under way, for each member in its order. */
  get load(): readonly number[] {
    return [...this.running];
  }

  protected order(_call: Call, members: readonly Entry[]): readonly Entry[] {
    const { length } = this.entries;
    const first = this.turn++ % length;
    const load = ({ index, weight }: Entry) => (this.running[index] ?? 0) / weight;
    const place = ({ index }: Entry) => (index - first + length) % length;
    return [...members].sort((a, b) => load(a) - load(b) || place(a) - place(b));
  }

  /** @internal */
  override opener(entry: Entry): ChatProvider {
    return this.watched[entry.index] as ObservedMember;
  }

  /** @internal */
  opened({ index }: Entry): void {
    this.running[index] = (this.running[index] ?? 0) + 1;
  }

  /** @internal */
  ended({ index }: Entry): void {
    this.running[index] = (this.running[index] ?? 0) - 1;
  }
}

/** @see LeastBusyProvider */
export function leastBusy(members: readonly Member[], options?: StrategyOptions): LeastBusyProvider {
  return new LeastBusyProvider(members, options);
}
