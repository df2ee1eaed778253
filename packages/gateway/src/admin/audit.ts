import type { Role } from "./auth/roles.js";

/** One change that was made or refused. It holds no secrets. Plain JSON. */
export interface AuditEntry {
  /** Ids of later entries are greater. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: { readonly id: string; readonly name: string; readonly role?: Role | undefined };
  /** What was done, such as `key.create`. */
  readonly action: string;
  /** What it was done to, such as the id of a key. */
  readonly target?: string | undefined;
  readonly outcome: "done" | "refused" | "failed";
  /** The code of the refusal. */
  readonly code?: string | undefined;
  readonly requestId: string;
  /** What was there before and after, as the API shows it. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A question to the audit log. */
export interface AuditQuery {
  /** Entries before this id. */
  readonly before?: string | undefined;
  readonly limit: number;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
}

/** Keeps every change. */
export interface AuditLog {
  /** Resolves once the entry is safe. */
  record(entry: AuditEntry): Promise<void>;
  /** Entries, the latest first. */
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
}

/** Entries that memory keeps. */
const MAX_ENTRIES = 10_000;

/** The last entries in memory, for a gateway without a store. */
export class MemoryAuditLog implements AuditLog {
  private readonly entries: AuditEntry[] = [];

  async record(entry: AuditEntry): Promise<void> {
    this.entries.push(entry);
    if (this.entries.length > MAX_ENTRIES) this.entries.shift();
  }

  async list({ before, limit, actor, action, target }: AuditQuery): Promise<readonly AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (const entry of this.entries.toReversed()) {
      if (found.length >= limit) break;
      if (
        (before === undefined || entry.id < before) &&
        (actor === undefined || entry.actor.id === actor) &&
        (action === undefined || entry.action === action) &&
        (target === undefined || entry.target === target)
      )
        found.push(entry);
    }
    return found;
  }
}

/** Makes ids that grow: milliseconds, a counter within them, both of fixed width. */
export class AuditIds {
  private last = 0;
  private count = 0;

  next(now: number): string {
    const at = Math.max(now, this.last);
    this.count = at === this.last ? this.count + 1 : 0;
    this.last = at;
    return `aud_${at.toString(36).padStart(9, "0")}${this.count.toString(36).padStart(4, "0")}`;
  }
}
