import { type Attempt, type DialectId, type Observer, type ObserverEvent, systemClock } from "ai-lib";
import type { Admission, AdmissionRequest, Ledger, Ticket } from "./admission.js";
import { callEnd, firstContentMs, isMade } from "./call-end.js";
import { makeCallId } from "./call-id.js";
import type { CopyEnd, CopyObserver, CopyRun } from "./mirror.js";
import type { RunningCopies } from "./running-copies.js";

/** The tag of copies in the ledger. */
const TAG = "mirror";

/** What admits copies and records them. */
export interface CopyParts {
  readonly admission: Admission;
  readonly ledger: Ledger | undefined;
  readonly running: RunningCopies;
  /** The dialect that the client of the call spoke. */
  readonly dialect: DialectId;
}

/** A copy that no limit counts. */
const UNCOUNTED: Ticket = { settle: () => undefined, release: () => undefined };

/**
 * Observes a call of which copies are made. Each is a call of its own for the limits and in the ledger: what it costs
 * belongs to the key of its call.
 */
export class CopyRecorder implements CopyObserver {
  /** Only where the other observer has one, since it is called for every event. */
  readonly chunk?: (attempt: Attempt, sinceLastMs: number) => void;

  /** @param call the call, with the route that answers it */
  constructor(
    private readonly other: Observer,
    private readonly call: AdmissionRequest,
    private readonly parts: CopyParts,
  ) {
    if (other.chunk !== undefined) this.chunk = (attempt, ms) => other.chunk?.(attempt, ms);
  }

  on(event: ObserverEvent): void {
    this.other.on(event);
  }

  beginCopy(abort: () => void): CopyRun | undefined {
    const { admission, running } = this.parts;
    const ticket = admission.admitCopy === undefined ? UNCOUNTED : admission.admitCopy(this.call);
    if (ticket === undefined) return undefined;
    const over = running.began(abort);
    return {
      beforeAttempt: ticket.beforeAttempt,
      ended: (end) => {
        this.ended(ticket, end);
        over();
      },
    };
  }

  private ended(ticket: Ticket, { startedAt, attempts, error }: CopyEnd): void {
    if (!isMade(attempts)) {
      ticket.release();
      return;
    }
    const end = callEnd({ error, attempts });
    const charged = ticket.settle(end);
    const { principal, session, user, tags, route, kind, mode, model } = this.call;
    this.parts.ledger?.record({
      ...{ principal, session, user, route, kind, mode, model, end, charged },
      id: makeCallId(startedAt),
      tags: [...tags, TAG],
      dialect: this.parts.dialect,
      startedAt,
      endedAt: systemClock.now(),
      firstContentMs: firstContentMs(attempts, startedAt),
      code: error?.code,
    });
  }
}
