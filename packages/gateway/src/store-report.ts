import { type Clock, systemClock } from "ai-lib";
import { redactor } from "ai-lib/logs";
import type { StoreError } from "./store/store-thread.js";
import { escapeLine } from "./terminal-text.js";

/** Milliseconds between two lines. */
const PAUSE_MS = 10_000;

/** Characters of a message that are read, and those that are printed. */
const MAX_READ = 4_000;
const MAX_PRINTED = 500;

/** Addresses with a user or a password, and passwords of other connection strings. */
const redact = redactor([/\b[a-z][a-z\d+.-]*:\/\/[^\s@]*@\S*/i, /\bpassword=\S+/i]);

/** Prints why the store fails, at most once in ten seconds. */
export class StoreReport {
  private nextAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly report: (line: string) => void,
    private readonly clock: Clock = systemClock,
  ) {}

  note({ code, message }: StoreError): void {
    const now = this.clock.now();
    if (now < this.nextAt) return;
    this.nextAt = now + PAUSE_MS;
    const reason = escapeLine(redact(message.slice(0, MAX_READ)).slice(0, MAX_PRINTED));
    const suffix = code === undefined || reason.includes(code) ? "" : ` (${code})`;
    this.report(`The store failed: ${reason}${suffix}`);
  }
}
