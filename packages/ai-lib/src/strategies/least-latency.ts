import type { Call } from "../core/contract/call.js";
import { estimate } from "../core/contract/call-facts.js";
import { cellFor, STATE_OPTION_NAMES, type StateOptions } from "../core/contract/state.js";
import { fraction } from "../core/errors/options.js";
import { reactionTo } from "../core/errors/reactions.js";
import { Loads } from "./loads.js";
import type { Entry, Member } from "./member.js";
import { memberKeys } from "./member-key.js";
import { Speeds } from "./speeds.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Options of {@link leastLatency}. */
export interface LeastLatencyOptions extends StrategyOptions, StateOptions {
  /**
   * The share of calls that ask a random member first, to detect members that have become faster. 0 to 1. Default 0.05.
   */
  readonly explore?: number | undefined;
  /** Weight of the newest call in the moving averages; more than 0, at most 1. Default 0.2. */
  readonly smoothing?: number | undefined;
}

/** See {@link leastLatency}. */
export class LeastLatencyProvider extends Strategy {
  private readonly explore: number;
  private readonly speeds: Speeds;
  private readonly loads: Loads;

  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, or an option that is unknown or wrong. */
  constructor(members: readonly Member[], options: LeastLatencyOptions = {}) {
    super("least-latency", ",", members, options, ["explore", "smoothing", ...STATE_OPTION_NAMES]);
    const { explore = 0.05, smoothing = 0.2 } = options;
    this.explore = explore === 0 ? 0 : fraction("explore", explore);
    const weight = fraction("smoothing", smoothing);
    const keys = memberKeys(this.entries);
    const speeds = cellFor(options, "speed", this.name, () => new Speeds(keys, weight));
    const loads = cellFor(options, "load", this.name, () => new Loads(keys));
    this.speeds = speeds;
    this.loads = loads;
    this.observeMembers(({ index }) => ({
      onOpen: () => loads.begin(index),
      onFirstContent: (_call, afterMs) => speeds.of(index).addFirstContent(afterMs),
      onEnd(_call, outcome, tookMs, firstContentMs) {
        loads.end(index);
        const speed = speeds.of(index);
        if (outcome.kind === "success")
          speed.addSuccess(tookMs, firstContentMs, outcome.response.usage.outputTokens);
        else if (outcome.kind === "error" && reactionTo(outcome.error).breaker !== "none") speed.addFailure();
      },
    }));
  }

  protected order(call: Call, members: readonly Entry[]): readonly Entry[] {
    const unary = call.mode === "unary";
    const { outputTokens } = estimate(call);
    const now = call.context.clock.now();
    // Members without a measurement come first: there is no other way to measure them.
    const expected = this.entries.map(
      ({ index }) => this.speeds.of(index).expectedMs(unary, outputTokens) ?? -1,
    );
    const order = [...members].sort((a, b) => {
      const [ofA, ofB] = [expected[a.index] as number, expected[b.index] as number];
      return ofA === ofB ? this.loads.at(a.index, now) - this.loads.at(b.index, now) : ofA - ofB;
    });
    const { random } = call.context;
    if (this.explore > 0 && order.length > 1 && random() < this.explore) {
      const [lucky] = order.splice(1 + Math.floor(random() * (order.length - 1)), 1) as [Entry];
      order.unshift(lucky);
    }
    return order;
  }
}

/**
 * Asks the member with the lowest expected latency first. The expectation combines the measured time to first content,
 * the throughput for the number of tokens that the call may return, and the rate of failures. Members without a
 * measurement come before all others, the one with the fewest running calls first.
 *
 * @example
 * const client = new AiClient(leastLatency([provider("groq"), provider("openai")], { explore: 0.1 }));
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, or an option that is unknown or wrong.
 */
export function leastLatency(
  members: readonly Member[],
  options?: LeastLatencyOptions,
): LeastLatencyProvider {
  return new LeastLatencyProvider(members, options);
}
