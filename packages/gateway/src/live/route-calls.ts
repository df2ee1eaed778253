import { type Attempt, type Observer, type ObserverEvent, observers, type Target } from "ai-lib";
import type { LedgerRow } from "../admission.js";
import { type CallActivity, CallWindow } from "./call-window.js";

/** Targets of a route that are known. Of more, such as the models that clients name, the latest ones. */
const MAX_TARGETS = 64;

/** The attempts of a route at one target. */
export interface TargetCalls {
  /** As it was asked for: a provider may answer with another name of the model. */
  readonly target: Target;
  readonly activity: CallActivity;
}

interface KnownTarget {
  readonly target: Target;
  readonly attempts: CallWindow;
  /** Epoch milliseconds at which its last attempt began. */
  usedAt: number;
}

/**
 * What the calls of one route do, and their attempts at each target. It observes the attempts, so that calls of every
 * kind count, whole ones, streams, and those whose bytes pass unchanged.
 */
export class RouteCalls implements Observer {
  private readonly calls = new CallWindow();
  /** By the names of their models. */
  private readonly targets = new Map<string, KnownTarget[]>();
  private size = 0;
  /** Of the attempts that run: as they end, their target has the model that answered. */
  private readonly running = new Map<Attempt, KnownTarget>();
  private other: Observer | undefined;
  private both: Observer = this;

  /** A call was admitted. Exactly one of `end` and `abandon` follows. */
  begin(): void {
    this.calls.begin();
  }

  /** A call that began was refused before its first attempt. */
  abandon(): void {
    this.calls.abandon();
  }

  /** A call that began has ended. */
  end(row: LedgerRow): void {
    this.calls.end(row.end.status, row.endedAt, row);
  }

  /** An observer for the calls of this route, which passes all events to another one too. */
  observerWith(other: Observer): Observer {
    if (this.other !== other) {
      this.other = other;
      this.both = observers([other, this]);
    }
    return this.both;
  }

  on(event: ObserverEvent): void {
    if (event.type === "attempt-start") this.attemptBegan(event.attempt);
    else if (event.type === "attempt-end") this.attemptEnded(event.attempt, event.at);
  }

  /** @param now epoch milliseconds */
  activity(now: number): CallActivity {
    return this.calls.activity(now);
  }

  /** The targets that were asked. @param now epoch milliseconds */
  attempts(now: number): readonly TargetCalls[] {
    return [...this.targets.values()]
      .flat()
      .map(({ target, attempts }) => ({ target, activity: attempts.activity(now) }));
  }

  private attemptBegan(attempt: Attempt): void {
    const known = this.known(attempt.target);
    known.usedAt = attempt.startedAt;
    known.attempts.begin();
    this.running.set(attempt, known);
  }

  private attemptEnded(attempt: Attempt, endedAt: number): void {
    const known = this.running.get(attempt);
    if (known === undefined) return;
    this.running.delete(attempt);
    const { outcome } = attempt;
    known.attempts.end(
      outcome === "success" || outcome === "error" ? outcome : "cancelled",
      endedAt,
      attempt,
    );
  }

  private known(target: Target): KnownTarget {
    const { model = "" } = target;
    const same = this.targets.get(model);
    if (same !== undefined) for (const one of same) if (isSame(one.target, target)) return one;
    if (this.size >= MAX_TARGETS) this.forgetOldest();
    const made: KnownTarget = { target, attempts: new CallWindow(), usedAt: 0 };
    // The list may have gone with its last target.
    const list = this.targets.get(model);
    if (list === undefined) this.targets.set(model, [made]);
    else list.push(made);
    this.size++;
    return made;
  }

  private forgetOldest(): void {
    let oldest: KnownTarget | undefined;
    for (const list of this.targets.values())
      for (const one of list) if (oldest === undefined || one.usedAt < oldest.usedAt) oldest = one;
    if (oldest === undefined) return;
    const { model = "" } = oldest.target;
    const left = (this.targets.get(model) ?? []).filter((one) => one !== oldest);
    if (left.length === 0) this.targets.delete(model);
    else this.targets.set(model, left);
    this.size--;
  }
}

/** Whether two targets are one, apart from their model. */
function isSame(a: Target, b: Target): boolean {
  return (
    a === b ||
    (a.provider === b.provider && a.key === b.key && a.account === b.account && a.region === b.region)
  );
}
