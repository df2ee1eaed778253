import { type Attempt, type Observer, type ObserverEvent, systemClock } from "ai-lib";
import type { Ledger, LedgerRow } from "./admission.js";
import { callEnd, firstContentMs, isMade } from "./call-end.js";
import { makeCallId } from "./call-id.js";
import type { CopyEnd, CopyObserver } from "./mirror.js";

/** The tag of copies in the ledger. */
const TAG = "mirror";

/** What the row of a copy has of its call. */
export type CopiedCall = Pick<
  LedgerRow,
  "principal" | "session" | "user" | "tags" | "route" | "kind" | "mode" | "dialect" | "model"
>;

/** Observes a call, and records each copy of it as a call of its own: what a copy costs belongs to the key of its call. */
export class CopyRecorder implements CopyObserver {
  /** Only where the other observer has one, since it is called for every event. */
  readonly chunk?: (attempt: Attempt, sinceLastMs: number) => void;

  constructor(
    private readonly other: Observer,
    private readonly call: CopiedCall,
    private readonly ledger: Ledger,
  ) {
    if (other.chunk !== undefined) this.chunk = (attempt, ms) => other.chunk?.(attempt, ms);
  }

  on(event: ObserverEvent): void {
    this.other.on(event);
  }

  copied({ startedAt, attempts, error }: CopyEnd): void {
    if (!isMade(attempts)) return;
    const { principal, session, user, tags, route, kind, mode, dialect, model } = this.call;
    this.ledger.record({
      ...{ principal, session, user, route, kind, mode, dialect, model },
      id: makeCallId(startedAt),
      tags: [...tags, TAG],
      startedAt,
      endedAt: systemClock.now(),
      firstContentMs: firstContentMs(attempts, startedAt),
      end: callEnd({ error, attempts }),
      code: error?.code,
    });
  }
}
