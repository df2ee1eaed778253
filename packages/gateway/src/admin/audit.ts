import { randomBytes } from "node:crypto";
import type { AuditEntry, AuditLog, AuditQuery } from "../store/audit.js";

/** Entries that memory holds. */
const MAX_ENTRIES = 10_000;

/** Characters of all entries that memory holds. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

/** The last entries in memory, for a gateway without a store. */
export class MemoryAuditLog implements AuditLog {
  private readonly entries: AuditEntry[] = [];
  private characters = 0;

  async append(entry: AuditEntry): Promise<void> {
    this.entries.push(entry);
    this.characters += sizeOf(entry);
    while (this.entries.length > MAX_ENTRIES || this.characters > MAX_CHARACTERS) {
      const oldest = this.entries.shift();
      if (oldest === undefined) return;
      this.characters -= sizeOf(oldest);
    }
  }

  async read({ actor, action, target, from, to, before, limit = 50 }: AuditQuery) {
    const found: AuditEntry[] = [];
    for (const entry of this.entries.toReversed()) {
      if (found.length > limit) break;
      if (
        (before === undefined || entry.id < before) &&
        (from === undefined || entry.at >= from) &&
        (to === undefined || entry.at < to) &&
        (actor === undefined || entry.actor === actor) &&
        (action === undefined || entry.action === action) &&
        (target === undefined || entry.target === target)
      )
        found.push(entry);
    }
    const entries = found.slice(0, limit);
    return { entries, next: found.length > limit ? entries.at(-1)?.id : undefined };
  }
}

function sizeOf(entry: AuditEntry): number {
  return JSON.stringify(entry).length;
}

/** Makes ids of entries: twelve hexadecimal digits of time, four of a counter, and random ones. */
export class AuditIds {
  private last = 0;
  private count = 0;

  /** Later ids are greater, also within a millisecond. @param now epoch milliseconds */
  next(now: number): string {
    const at = Math.max(Math.floor(now), this.last);
    this.count = at === this.last ? this.count + 1 : 0;
    this.last = at;
    const order = `${at.toString(16).padStart(12, "0")}${this.count.toString(16).padStart(4, "0")}`;
    return `${order}${randomBytes(4).toString("hex")}`;
  }
}
