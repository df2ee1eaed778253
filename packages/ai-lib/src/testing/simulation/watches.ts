import type { Call, CallContext } from "../../core/contract/call.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import type { AiLibError } from "../../core/errors/error.js";
import { reactionTo } from "../../core/errors/reactions.js";
import type { Outcome } from "../../core/recovery/interceptor.js";
import { ObservedProvider } from "../../core/recovery/observed-provider.js";

/** Checks what one layer of a nest does with its calls. */
export interface LayerWatch {
  /** What broke a promise of the layer, in words. */
  readonly violations: string[];
}

/** Which member a strategy asks first, for calls of which nothing has failed yet. */
export abstract class ChoiceWatch implements LayerWatch {
  readonly violations: string[] = [];
  private expecting: CallContext | undefined;

  /** A member as the strategy is to hold it. */
  member(provider: ChatProvider, index: number): ChatProvider {
    return new ObservedProvider(provider, {
      onOpen: (call) => {
        this.opened(index, call);
        if (this.expecting !== call.context) return;
        this.expecting = undefined;
        if (call.context.attempts.length === 0) this.chosen(index, call);
      },
      onEnd: (call, outcome) => this.ended(index, call, outcome),
    });
  }

  /** The strategy as its surroundings are to hold it. */
  strategy(provider: ChatProvider): ChatProvider {
    return new ObservedProvider(provider, {
      onOpen: (call) => {
        this.expecting = call.context;
        if (call.context.attempts.length > 0) this.repeated();
      },
      onEnd: () => {},
    });
  }

  /** A member is the first one that is asked for a call. */
  protected abstract chosen(index: number, call: Call): void;

  /** A member is asked. */
  protected opened(_index: number, _call: Call): void {}

  protected ended(_index: number, _call: Call, _outcome: Outcome): void {}

  /** The strategy is asked although the call has attempts already: its first choice may be one that failed. */
  protected repeated(): void {}
}

/** Calls of one session go to the same member first. */
export class StickyWatch extends ChoiceWatch {
  private readonly members = new Map<string | undefined, number>();

  protected chosen(index: number, { context: { sessionId } }: Call): void {
    const known = this.members.get(sessionId);
    if (known !== undefined && known !== index)
      this.violations.push(`sticky sent session ${sessionId} to member ${index}, before to ${known}`);
    this.members.set(sessionId, index);
  }
}

/** First choices are spread by weight, at any time. */
export class ShareWatch extends ChoiceWatch {
  private readonly counts: number[];
  private total = 0;
  private unclear = false;

  constructor(
    private readonly name: string,
    private readonly weights: readonly number[],
  ) {
    super();
    this.counts = weights.map(() => 0);
  }

  protected override repeated(): void {
    this.unclear = true;
  }

  protected chosen(index: number): void {
    if (this.unclear) return;
    this.total++;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    const sum = this.weights.reduce((total, weight) => total + weight, 0);
    for (const [i, weight] of this.weights.entries()) {
      const count = this.counts[i] ?? 0;
      if (Math.abs(count - (this.total * weight) / sum) > 1)
        this.violations.push(
          `${this.name} with weights ${this.weights} chose ${this.counts} of ${this.total} times`,
        );
    }
  }
}

/** No member that is cheaper in input and output is left for another one. */
export class PriceWatch extends ChoiceWatch {
  /** @param prices of each member; undefined where it is not one target */
  constructor(private readonly prices: readonly ({ input: number; output: number } | undefined)[]) {
    super();
  }

  protected chosen(index: number): void {
    const chosen = this.prices[index];
    if (chosen === undefined) return;
    const cheaper = this.prices.findIndex(
      (price) => price !== undefined && price.input < chosen.input && price.output < chosen.output,
    );
    if (cheaper >= 0) this.violations.push(`cheapest chose member ${index}, not ${cheaper}`);
  }
}

/** Only members that may take a call are asked. */
export class EligibleWatch extends ChoiceWatch {
  constructor(
    private readonly name: string,
    private readonly may: (index: number, call: Call) => boolean,
  ) {
    super();
  }

  protected override opened(index: number, call: Call): void {
    if (!this.may(index, call)) this.violations.push(`${this.name} asked member ${index}, which may not be`);
  }

  protected chosen(): void {}
}

/** Milliseconds within which a failed call is certain to count for a member's health. */
const RECENT_MS = 40_000;

/** A member whose calls have all failed is not the first choice while another has not failed. */
export class HealthWatch extends ChoiceWatch {
  private readonly outcomes: { failed: boolean; at: number }[][] = [];

  /** @param minimumCalls calls before failures count */
  constructor(
    private readonly members: number,
    private readonly minimumCalls: number,
  ) {
    super();
  }

  protected override ended(index: number, call: Call, outcome: Outcome): void {
    this.outcomes[index] ??= [];
    if (outcome.kind === "cancelled") return;
    const failed = outcome.kind === "error" && outcome.error.code === "PROVIDER_ERROR";
    this.outcomes[index]?.push({ failed, at: call.context.clock.now() });
  }

  protected chosen(index: number, call: Call): void {
    const now = call.context.clock.now();
    const own = this.outcomes[index] ?? [];
    const down =
      own.length >= this.minimumCalls && own.every(({ failed, at }) => failed && now - at < RECENT_MS);
    // One that was not asked yet is healthy; one of mixed outcomes may or may not be.
    const others = Array.from({ length: this.members }, (_, i) => i).filter((i) => i !== index);
    if (down && others.some((i) => (this.outcomes[i] ?? []).length === 0))
      this.violations.push(`member ${index} was asked first although it is down`);
  }
}

/** The longest cooldown after an error, and the one after an error that names no time, in milliseconds. */
function cooldownAfter(error: AiLibError): readonly [longest: number, usual: number] | undefined {
  if (error.local) return undefined;
  if (error.code === "RATE_LIMIT") return [600_000, 5_000];
  switch (reactionTo(error).breaker) {
    case "cooldown":
      return [600_000, 60_000];
    case "long-cooldown":
      return [3_600_000, 600_000];
    default:
      return undefined;
  }
}

/** A target is not asked during a cooldown, and after it by one call at a time until one has succeeded. */
export class CooldownWatch implements LayerWatch {
  readonly violations: string[] = [];
  private until = Number.NEGATIVE_INFINITY;
  private proven = true;
  /** The calls that were let in after the cooldown and are under way. */
  private readonly probes = new Set<Call>();

  /** @param endpoint the key of the only target within */
  constructor(
    private readonly layer: string,
    private readonly endpoint: string,
  ) {}

  /** The target as the layer is to hold it. */
  member(provider: ChatProvider): ChatProvider {
    return new ObservedProvider(provider, {
      onOpen: (call) => this.open(call),
      onFirstContent: (call) => this.prove(call),
      onEnd: (call, outcome) => this.end(call, outcome),
    });
  }

  private open(call: Call): void {
    const now = call.context.clock.now();
    if (now < this.until)
      this.violations.push(
        `${this.layer} asked ${this.endpoint} ${this.until - now} ms before its cooldown ended`,
      );
    else if (!this.proven && this.probes.size > 0)
      this.violations.push(`${this.layer} asked ${this.endpoint} twice at once after its cooldown`);
    if (!this.proven) this.probes.add(call);
  }

  private prove(call: Call): void {
    if (this.probes.delete(call)) this.proven = true;
    if (this.proven) this.probes.clear();
  }

  private end(call: Call, outcome: Outcome): void {
    const probed = this.probes.delete(call);
    if (outcome.kind === "success" && probed) this.proven = true;
    if (outcome.kind !== "error") return;
    const { error } = outcome;
    const key = error.target?.key;
    if (key !== undefined && key !== this.endpoint) return;
    const now = call.context.clock.now();
    // What every key of a provider would answer is no reason to use another one.
    const times =
      this.layer === "keys" && reactionTo(error).otherKey === "no" ? undefined : cooldownAfter(error);
    if (times === undefined) {
      if (probed && !error.local && reactionTo(error).breaker === "none") this.proven = true;
      return;
    }
    const until = Math.min(error.retryAt ?? now + times[1], now + times[0]);
    if (until <= now || until <= this.until) return;
    this.until = until;
    this.proven = false;
    this.probes.clear();
  }
}

/** A call within a limit of the whole ends at the limit. */
export class DurationWatch implements LayerWatch {
  readonly violations: string[] = [];

  constructor(private readonly limitMs: number) {}

  around(provider: ChatProvider): ChatProvider {
    return new ObservedProvider(provider, {
      onEnd: (_call, _outcome, tookMs) => {
        if (tookMs > this.limitMs + 1)
          this.violations.push(`a call took ${tookMs} ms within a timeout of ${this.limitMs} ms`);
      },
    });
  }
}

/** Retries of all wrappers with one budget stay in proportion to their calls. */
export class RetryWatch implements LayerWatch {
  readonly violations: string[] = [];
  private requests = 0;
  private retries = 0;
  private firstAt: number | undefined;
  private readonly expecting = new WeakSet<CallContext>();

  /**
   * @param ratio retries for each request
   * @param floor retries in any window
   */
  constructor(
    private readonly ratio: number,
    private readonly floor: number,
    private readonly windowMs: number,
  ) {}

  around(provider: ChatProvider): ChatProvider {
    return new ObservedProvider(provider, {
      onOpen: ({ context }) => {
        this.firstAt ??= context.clock.now();
        this.requests++;
        this.expecting.add(context);
      },
      onEnd: () => {},
    });
  }

  member(provider: ChatProvider): ChatProvider {
    return new ObservedProvider(provider, {
      onOpen: ({ context }) => {
        if (this.expecting.delete(context)) return;
        this.retries++;
        const windows = 2 + (context.clock.now() - (this.firstAt ?? 0)) / this.windowMs;
        const most = this.requests * this.ratio + this.floor * windows;
        if (this.retries > most)
          this.violations.push(`${this.retries} retries of ${this.requests} calls, at most ${most} allowed`);
      },
      onEnd: () => {},
    });
  }
}
