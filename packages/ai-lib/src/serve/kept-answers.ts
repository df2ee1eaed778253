import type { Cell, CellLink } from "../core/contract/state.js";
import { asArray, asNumber, asString, isObject, type Json } from "../core/values/json.js";

/** Limits of a {@link KeptAnswers}. */
export interface KeptLimits {
  /** Characters of JSON that all entries may have together. */
  readonly maxSize: number;
  /** Milliseconds that an entry is stored after its last use. */
  readonly maxAgeMs: number;
}

interface Entry {
  readonly value: Json;
  readonly size: number;
  usedAt: number;
}

/**
 * Values by key, the least recently used first. It is bounded by size and age. Other processes learn of new entries
 * through the state store.
 */
export class KeptAnswers implements Cell {
  private readonly entries = new Map<string, Entry>();
  private size = 0;

  constructor(
    private readonly limits: KeptLimits,
    private readonly link: CellLink,
  ) {}

  get(key: string, now: number): Json | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    if (now - entry.usedAt > this.limits.maxAgeMs) {
      this.size -= entry.size;
      return undefined;
    }
    entry.usedAt = now;
    this.entries.set(key, entry);
    return entry.value;
  }

  /** Stores a value, and publishes it. A value that is larger than the limit is not stored. */
  put(key: string, value: Json, now: number): void {
    if (this.add(key, value, now)) this.link.publish({ key, value });
  }

  private add(key: string, value: Json, usedAt: number): boolean {
    const size = key.length + JSON.stringify(value).length;
    if (size > this.limits.maxSize) return false;
    this.drop(key);
    this.entries.set(key, { value, size, usedAt });
    this.size += size;
    for (const [oldest, entry] of this.entries) {
      if (this.size <= this.limits.maxSize && usedAt - entry.usedAt <= this.limits.maxAgeMs) break;
      this.drop(oldest);
    }
    return true;
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.size -= entry.size;
  }

  snapshot(now: number): Json | undefined {
    const kept = [...this.entries].flatMap(([key, { value, usedAt }]) =>
      now - usedAt > this.limits.maxAgeMs ? [] : [{ key, value, usedAt }],
    );
    return kept.length === 0 ? undefined : kept;
  }

  restore(snapshot: Json, now: number): void {
    this.entries.clear();
    this.size = 0;
    for (const entry of asArray(snapshot)) this.take(entry, now);
  }

  merge(change: Json, now: number): void {
    this.take(change, now);
  }

  private take(entry: unknown, now: number): void {
    if (!isObject(entry)) return;
    const key = asString(entry["key"]);
    const { value } = entry;
    if (key === undefined || value === undefined) return;
    this.add(key, value, Math.min(now, asNumber(entry["usedAt"]) ?? now));
  }
}
