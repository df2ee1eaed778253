import { ignoreRejection } from "../core/contract/guard.js";
import type { CircuitView } from "../core/contract/state.js";
import { asNumber, asString, type JsonObject } from "../core/values/json.js";
import type { BreakerRule } from "./breaker-rules.js";

/**
 * The state of a circuit. After an outage a closed circuit does not let all calls in: the ramp allows as many at a time
 * as its limit. Each success adds one, so the limit doubles from round to round until the ramp ends.
 */
type CircuitState =
  | { readonly kind: "closed"; readonly ramp: { limit: number; running: number } | undefined }
  /** `until` is `Infinity` for a circuit that was opened by hand. */
  | { readonly kind: "open"; readonly until: number; readonly why: string }
  | { readonly kind: "half-open"; probing: boolean };

/** The state of a circuit: `closed` lets calls in, `open` refuses them, `half-open` lets one probe in. */
export type CircuitKind = CircuitState["kind"];

/** How a circuit opens and closes. */
export interface CircuitSettings {
  /** How long it stays open at first. */
  readonly coolDownMs: number;
  /** Each failed probe doubles the cool-down, up to this. */
  readonly maxCoolDownMs: number;
  /** The ramp ends when its limit reaches this; 1 for no ramp. */
  readonly halfOpenMaxCalls: number;
}

/** A call that was let in. Return it once, with {@link Circuit.leave}. */
export interface Permit {
  /** The state's age at entry: the outcome of a call does not concern a later state. */
  readonly age: number;
}

/** A call that was not let in. */
export interface Refusal {
  readonly why: string;
  readonly retryAt?: number;
}

/** Called when a circuit opens until a time, or closes (`until` is undefined). */
export type CircuitListener = (until: number | undefined, why: string) => void;

/** Why a circuit refuses calls after an operator opened it. */
export const OPENED_BY_HAND = "open by hand";

/**
 * One circuit: rules say when it opens; time, and one probe at a time, when it closes. It reads no clock. Times are epoch
 * milliseconds.
 */
export class Circuit {
  private state: CircuitState = { kind: "closed", ramp: undefined };
  private age = 0;
  private coolDownMs: number;

  constructor(
    private readonly rules: readonly BreakerRule[],
    private readonly settings: CircuitSettings,
    private readonly listener: CircuitListener,
  ) {
    this.coolDownMs = settings.coolDownMs;
  }

  /** The state after its last call. */
  get kind(): CircuitKind {
    return this.state.kind;
  }

  /** The state at a time; an open circuit whose cool-down has passed is half-open without any call. */
  kindAt(now: number): CircuitKind {
    return this.state.kind === "open" && now >= this.state.until ? "half-open" : this.state.kind;
  }

  /** Closed without a ramp: nothing is lost with it. */
  get isIdle(): boolean {
    return this.state.kind === "closed" && this.state.ramp === undefined;
  }

  view(now: number): Omit<CircuitView, "model"> {
    const { state } = this;
    if (state.kind !== "open" || now >= state.until) return { state: this.kindAt(now) };
    const until = state.until === Number.POSITIVE_INFINITY ? {} : { until: state.until };
    return { state: "open", ...until, why: state.why };
  }

  /** Lets a call in, or says why not. */
  enter(now: number): Permit | Refusal {
    if (this.state.kind === "open" && now >= this.state.until)
      this.turn({ kind: "half-open", probing: false });
    const { state } = this;
    switch (state.kind) {
      case "open":
        return state.until === Number.POSITIVE_INFINITY
          ? { why: state.why }
          : { why: `open after ${state.why}`, retryAt: state.until };
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

  /** Returns a permit with the verdict of its call on the target; `nothing` only frees its place. */
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

  /** Opens it until an operator closes it. */
  isolate(): void {
    this.turn({ kind: "open", until: Number.POSITIVE_INFINITY, why: OPENED_BY_HAND });
  }

  /** Closes it by hand: all calls pass, and earlier failures are discarded. */
  reset(): void {
    this.report("reset");
    this.coolDownMs = this.settings.coolDownMs;
    this.turn({ kind: "closed", ramp: undefined });
  }

  /** Another process opened its circuit of the same target. */
  openAfterPeer(now: number, until: number, why: string): void {
    const { state } = this;
    if (until <= now || (state.kind === "open" && state.until >= until)) return;
    this.report("reset");
    this.turn({ kind: "open", until, why });
  }

  /** A probe of another process succeeded. */
  closeAfterPeer(): void {
    const { state } = this;
    if (state.kind === "closed" || (state.kind === "open" && state.until === Number.POSITIVE_INFINITY))
      return;
    this.startRamp();
  }

  /** Undefined where nothing is lost with it. */
  snapshot(): JsonObject | undefined {
    const { state, coolDownMs } = this;
    switch (state.kind) {
      case "closed":
        return state.ramp === undefined ? undefined : { kind: "closed", limit: state.ramp.limit, coolDownMs };
      case "open":
        return state.until === Number.POSITIVE_INFINITY
          ? { kind: "isolated" }
          : { kind: "open", until: state.until, why: state.why, coolDownMs };
      case "half-open":
        return { kind: "half-open", coolDownMs };
      default: {
        const never: never = state;
        throw new TypeError(`Unknown state ${String(never)}`);
      }
    }
  }

  restore(snapshot: JsonObject): void {
    const { coolDownMs, maxCoolDownMs } = this.settings;
    this.coolDownMs = Math.min(Math.max(asNumber(snapshot["coolDownMs"]) ?? 0, coolDownMs), maxCoolDownMs);
    const until = asNumber(snapshot["until"]);
    switch (snapshot["kind"]) {
      case "isolated":
        this.isolate();
        return;
      case "open":
        if (until !== undefined) this.turn({ kind: "open", until, why: asString(snapshot["why"]) ?? "" });
        return;
      case "half-open":
        this.turn({ kind: "half-open", probing: false });
        return;
      case "closed":
        this.turn({
          kind: "closed",
          ramp: { limit: Math.max(1, asNumber(snapshot["limit"]) ?? 2), running: 0 },
        });
        return;
      default:
        // Of another version.
        return;
    }
  }

  private succeed(ramp: { limit: number } | undefined, now: number): void {
    this.report("success", now);
    if (ramp === undefined) return;
    ramp.limit++;
    if (ramp.limit >= this.settings.halfOpenMaxCalls) this.endRamp();
  }

  private count(ramping: boolean, now: number): void {
    this.report("failure", now);
    if (ramping) {
      this.open(now, "a failure while it was closing");
      return;
    }
    const why = this.whyTripped(now);
    if (why !== undefined) this.open(now, why);
  }

  /** Rules may be the user's own: one that throws does not count, and the others still do. */
  private report(what: "success" | "failure" | "reset", now = 0): void {
    for (const rule of this.rules) {
      try {
        ignoreRejection(rule[what](now));
      } catch {
        // See above.
      }
    }
  }

  private whyTripped(now: number): string | undefined {
    for (const rule of this.rules) {
      try {
        const why: unknown = rule.tripped(now);
        // A rule without types may return a promise, which has no result yet.
        if (typeof why === "string") return why;
        ignoreRejection(why);
      } catch {
        // As in `report`.
      }
    }
    return undefined;
  }

  private open(now: number, why: string): void {
    const ms = this.coolDownMs;
    this.coolDownMs = Math.min(ms * 2, this.settings.maxCoolDownMs);
    this.report("reset");
    this.turn({ kind: "open", until: now + ms, why });
    this.listener(now + ms, why);
  }

  private close(): void {
    this.startRamp();
    this.listener(undefined, "");
  }

  private startRamp(): void {
    if (this.settings.halfOpenMaxCalls > 2) this.turn({ kind: "closed", ramp: { limit: 2, running: 0 } });
    else {
      this.turn({ kind: "closed", ramp: undefined });
      this.coolDownMs = this.settings.coolDownMs;
    }
  }

  /** The outage is over. Calls that still run count by the rules, so the age stays. */
  private endRamp(): void {
    this.state = { kind: "closed", ramp: undefined };
    this.coolDownMs = this.settings.coolDownMs;
  }

  private turn(to: CircuitState): void {
    this.state = to;
    this.age++;
  }
}
