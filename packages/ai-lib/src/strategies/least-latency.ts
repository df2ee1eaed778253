import type { Call } from "../core/contract/call.js";
import { estimate } from "../core/contract/call-facts.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { fraction } from "../core/errors/options.js";
import { reactionTo } from "../core/errors/reactions.js";
import type { Outcome } from "../core/recovery/interceptor.js";
import type { Entry, Member } from "./member.js";
import { type CallListener, ObservedMember } from "./observed-member.js";
import { Speed } from "./speed.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Options of {@link leastLatency}. */
export interface LeastLatencyOptions extends StrategyOptions {
  /** Share of the calls that ask a random member first, so that one that has become fast is found out. Default 0.05. */
  readonly explore?: number | undefined;
  /** Weight of the newest call in the moving averages; more than 0, at most 1. Default 0.2. */
  readonly smoothing?: number | undefined;
}

/**
 * Asks the member first that is expected to answer soonest: by its moving time to first content, its throughput
 * for as many tokens as the call may give, and how often it has failed. Members of which nothing is known yet come
 * before all others, the one with the fewest calls under way first.
 */
export class LeastLatencyProvider extends Strategy implements CallListener {
  private readonly explore: number;
  private readonly speeds: readonly Speed[];
  private readonly running: Int32Array;
  private readonly watched: readonly ObservedMember[];

  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, or an option that is unknown or wrong. */
  constructor(members: readonly Member[], options: LeastLatencyOptions = {}) {
    super("least-latency", ",", members, options, ["explore", "smoothing"]);
    const { explore = 0.05, smoothing = 0.2 } = options;
    this.explore = explore === 0 ? 0 : fraction("explore", explore);
    const weight = fraction("smoothing", smoothing);
    this.speeds = this.entries.map(() => new Speed(weight));
    this.running = new Int32Array(this.entries.length);
    this.watched = this.entries.map((entry) => new ObservedMember(entry, this));
  }

  protected order(call: Call, members: readonly Entry[]): readonly Entry[] {
    const unary = call.mode === "unary";
    const { outputTokens } = estimate(call);
    // The unknown come first: there is no other way to know them.
    const expected = this.speeds.map((speed) => speed.expectedMs(unary, outputTokens) ?? -1);
    const order = [...members].sort((a, b) => {
      const [ofA, ofB] = [expected[a.index] as number, expected[b.index] as number];
      return ofA === ofB ? (this.running[a.index] ?? 0) - (this.running[b.index] ?? 0) : ofA - ofB;
    });
    const { random } = call.context;
    if (this.explore > 0 && order.length > 1 && random() < this.explore) {
      const [lucky] = order.splice(1 + Math.floor(random() * (order.length - 1)), 1) as [Entry];
      order.unshift(lucky);
    }
    return order;
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
  firstContent({ index }: Entry, afterMs: number): void {
    this.speeds[index]?.began(afterMs);
  }

  /** @internal */
  ended(
    { index }: Entry,
    _call: Call,
    outcome: Outcome,
    tookMs: number,
    firstContentMs: number | undefined,
  ): void {
    this.running[index] = (this.running[index] ?? 0) - 1;
    const speed = this.speeds[index];
    if (outcome.kind === "success")
      speed?.answered(tookMs, firstContentMs, outcome.response.usage.outputTokens);
    else if (outcome.kind === "error" && reactionTo(outcome.error).breaker !== "none") speed?.failed();
  }
}

/** @see LeastLatencyProvider */
export function leastLatency(
  members: readonly Member[],
  options?: LeastLatencyOptions,
): LeastLatencyProvider {
  return new LeastLatencyProvider(members, options);
}
