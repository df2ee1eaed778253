import type { BreakerRule } from "./breaker-rules.js";

/**
 * Where a circuit stands. Closed after an outage it is not wide open at once: the ramp lets as many calls in at
 * a time as its limit says. Each success adds one, so the limit doubles from round to round until the ramp is over.
 */
type CircuitState =
  | { readonly kind: "closed"; readonly ramp: { limit: number; running: number } | undefined }
  | { readonly kind: "open"; readonly until: number; readonly why: string }
  | { readonly kind: "half-open"; probing: boolean };

/** What a circuit's kind is called outside. */
export type CircuitKind = CircuitState["kind"];

/** How a circuit opens and closes. */
export interface CircuitSettings {
  /** How long it stays open at first. */
  readonly coolDownMs: number;
  /** Each failed probe doubles the cool-down, up to this. */
  readonly maxCoolDownMs: number;
  /** The ramp ends when its limit reaches this; 1 for none. */
  readonly halfOpenMaxCalls: number;
}

/** A call that was let in. It must be given back, once. */
export interface Permit {
  /** The state's age at entry: what ends after the state has changed says nothing about the new one. */
  readonly age: number;
}

/** A call that was not let in. */
export interface Refusal {
  readonly why: string;
  readonly retryAt?: number;
}

/** One circuit: rules say when it opens, time and one probe at a time when it closes. No clock, no I/O. */
export class Circuit {
  private state: CircuitState = { kind: "closed", ramp: undefined };
  private age = 0;
  private coolDownMs: number;
  /** When it was last asked, for whoever must forget one. */
  usedAt = 0;

  constructor(
    private readonly rules: readonly BreakerRule[],
    private readonly settings: CircuitSettings,
  ) {
    this.coolDownMs = settings.coolDownMs;
  }

  /** Where its last call left it. */
  get kind(): CircuitKind {
    return this.state.kind;
  }

  /** Where it stands at a time; a cool-down that lapsed heals without any call. */
  kindAt(now: number): CircuitKind {
    return this.state.kind === "open" && now >= this.state.until ? "half-open" : this.state.kind;
  }

  /** Whether nothing would be lost with it. */
  get fresh(): boolean {
    return this.state.kind === "closed" && this.state.ramp === undefined;
  }

  /** Lets a call in, or says why not. */
  enter(now: number): Permit | Refusal {
    this.usedAt = now;
    if (this.state.kind === "open" && now >= this.state.until)
      this.turn({ kind: "half-open", probing: false });
    const { state } = this;
    switch (state.kind) {
      case "open":
        return { why: `open after ${state.why}`, retryAt: state.until };
      case "half-open":
        if (state.probing) return { why: "half-open, with its one probe under way" };
        state.probing = true;
        return { age: this.age };
      case "closed":
        if (state.ramp === undefined) return { age: this.age };
        if (state.ramp.running >= state.ramp.limit)
          return { why: `closing, with ${state.ramp.limit} calls at a time` };
        state.ramp.running++;
        return { age: this.age };
      default: {
        const never: never = state;
        throw new TypeError(`Unknown state ${String(never)}`);
      }
    }
  }

  /** Gives a permit back, with what its call says about the target; `nothing` frees the place and no more. */
  leave(permit: Permit, verdict: "success" | "failure" | "nothing", now: number): void {
    if (permit.age !== this.age) return;
    const { state } = this;
    if (state.kind === "half-open") {
      state.probing = false;
      if (verdict === "success") this.close();
      else if (verdict === "failure") this.open(now, "a failed probe");
    } else if (state.kind === "closed") {
      if (state.ramp !== undefined) state.ramp.running--;
      if (verdict === "success") this.succeed(state.ramp, now);
      else if (verdict === "failure") this.count(state.ramp !== undefined, now);
    }
  }

  private succeed(ramp: { limit: number } | undefined, now: number): void {
    for (const rule of this.rules) rule.success(now);
    if (ramp === undefined) return;
    ramp.limit++;
    if (ramp.limit >= this.settings.halfOpenMaxCalls) this.restore();
  }

  private count(ramping: boolean, now: number): void {
    for (const rule of this.rules) rule.failure(now);
    if (ramping) {
      this.open(now, "a failure while it was closing");
      return;
    }
    for (const rule of this.rules) {
      const why = rule.tripped(now);
      if (why !== undefined) {
        this.open(now, why);
        return;
      }
    }
  }

  private open(now: number, why: string): void {
    const ms = this.coolDownMs;
    this.coolDownMs = Math.min(ms * 2, this.settings.maxCoolDownMs);
    for (const rule of this.rules) rule.reset();
    this.turn({ kind: "open", until: now + ms, why });
  }

  private close(): void {
    if (this.settings.halfOpenMaxCalls > 2) this.turn({ kind: "closed", ramp: { limit: 2, running: 0 } });
    else {
      this.turn({ kind: "closed", ramp: undefined });
      this.coolDownMs = this.settings.coolDownMs;
    }
  }

  /** The ramp is over: the outage is forgotten. Calls that run keep counting by the rules. */
  private restore(): void {
    this.state = { kind: "closed", ramp: undefined };
    this.coolDownMs = this.settings.coolDownMs;
  }

  private turn(to: CircuitState): void {
    this.state = to;
    this.age++;
  }
}
