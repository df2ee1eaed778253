import type { Cell } from "../core/contract/state.js";
import { asNumber, asObject, type Json } from "../core/values/json.js";

/** An older report of another process is ignored. */
const STALE_MS = 30_000;

/** Other processes whose loads are counted. */
const MAX_PEERS = 1_000;

/** Calls under way at each member of a strategy: those of this process, and those that others have reported. */
export class Loads implements Cell {
  private readonly running: Int32Array;
  private readonly peers = new Map<string, { readonly at: number; readonly counts: readonly number[] }>();

  /** @param members a key for each member, the same in every process */
  constructor(private readonly members: readonly string[]) {
    this.running = new Int32Array(members.length);
  }

  /** Calls of this process, for each member. */
  get own(): readonly number[] {
    return [...this.running];
  }

  begin(index: number): void {
    this.running[index] = (this.running[index] ?? 0) + 1;
  }

  end(index: number): void {
    this.running[index] = (this.running[index] ?? 0) - 1;
  }

  /** Calls of all processes at one member. */
  at(index: number, now: number): number {
    let sum = this.running[index] ?? 0;
    if (this.peers.size === 0) return sum;
    for (const { at, counts } of this.peers.values()) if (now - at < STALE_MS) sum += counts[index] ?? 0;
    return sum;
  }

  /** Running calls end with their process, so there is nothing to preserve. */
  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  report(): Json {
    return Object.fromEntries(this.members.map((member, index) => [member, this.running[index] ?? 0]));
  }

  merge(report: Json, now: number, peer: string): void {
    const given = asObject(report);
    if (given === undefined) return;
    for (const [name, { at }] of this.peers) if (now - at >= STALE_MS) this.peers.delete(name);
    if (this.peers.size >= MAX_PEERS && !this.peers.has(peer)) return;
    const counts = this.members.map((member) => Math.max(0, asNumber(given[member]) ?? 0));
    this.peers.set(peer, { at: now, counts });
  }
}
