import type { AuditEntry, AuditLog } from "../store/audit.js";
import { cleanText } from "../store/clean-text.js";
import { AuditIds } from "./audit.js";
import { AdminError } from "./errors.js";

/** Entries that wait for a log that cannot be written. */
const MAX_WAITING = 1_000;

/** Characters of a target, and of an actor. */
const MAX_TEXT = 300;

/** What is recorded of a change besides its time and place. */
export type AuditFact = Omit<AuditEntry, "id">;

/**
 * Writes the audit log. A change that was made stays made if its entry cannot be written: the entry waits, and goes to
 * the log before the next change. As long as it cannot, there is no next change.
 */
export class AuditTrail {
  private readonly ids = new AuditIds();
  private readonly waiting: AuditEntry[] = [];
  private flushing: Promise<void> | undefined;

  /**
   * Records a change or a refusal.
   * @param report receives why an entry could not be written
   */
  async record(log: AuditLog, fact: AuditFact, report: (error: unknown) => void): Promise<void> {
    const { at, actor, target } = fact;
    const entry = { ...fact, id: this.ids.next(at), actor: storable(actor), target: storable(target) };
    try {
      await log.append(entry);
    } catch (error) {
      report(error);
      if (this.waiting.length < MAX_WAITING) this.waiting.push(entry);
    }
  }

  /**
   * Writes the entries that wait. Changes at the same time wait for one attempt.
   * @throws {AdminError} `store_unavailable` where they cannot be written
   */
  async flush(log: AuditLog, report: (error: unknown) => void): Promise<void> {
    if (this.flushing === undefined && this.waiting.length === 0) return;
    this.flushing ??= this.write(log, report).finally(() => {
      this.flushing = undefined;
    });
    await this.flushing;
  }

  private async write(log: AuditLog, report: (error: unknown) => void): Promise<void> {
    for (;;) {
      const [entry] = this.waiting;
      if (entry === undefined) return;
      try {
        await log.append(entry);
      } catch (error) {
        report(error);
        throw new AdminError(
          "store_unavailable",
          "The audit log cannot be written, so that nothing was changed: repeat it when the store can be written",
        );
      }
      this.waiting.shift();
    }
  }
}

/**
 * A text that each store takes: the path of a refused request, and the subject that an identity provider gives, may have
 * anything.
 */
function storable(text: string): string {
  // In UTF-8 and back, which replaces half of a surrogate pair.
  return cleanText(Buffer.from(text.slice(0, MAX_TEXT)).toString());
}
