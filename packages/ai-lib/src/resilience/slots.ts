import type { Cell } from "../core/contract/state.js";

/** The slots of a concurrency limit, and the calls that wait for one in their order. */
export class Slots implements Cell {
  private taken = 0;
  private usable: number;
  /** A set, so that leaving the queue early costs nothing. */
  private readonly queue = new Set<() => void>();

  constructor(private readonly limit: number) {
    this.usable = limit;
  }

  /** Slots in use. */
  get running(): number {
    return this.taken;
  }

  /** Calls that wait for a slot. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Takes a slot; false where none is free. */
  take(): boolean {
    if (this.taken >= this.usable) return false;
    this.taken++;
    return true;
  }

  /** Runs `start` once there is a slot for it, which it then holds. @returns leaves the queue */
  wait(start: () => void): () => void {
    this.queue.add(start);
    return () => {
      this.queue.delete(start);
    };
  }

  /** Returns a slot: the call that waits longest gets it. */
  release(): void {
    const next = this.queue.size === 0 || this.taken > this.usable ? undefined : this.next();
    if (next === undefined) this.taken--;
    else next();
  }

  /** Running calls end with their process, so there is nothing to keep. */
  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  demand(): number {
    return this.taken + this.queue.size;
  }

  lease(share: number): void {
    this.usable = Math.max(1, Math.floor(this.limit * share));
    while (this.taken < this.usable) {
      const next = this.next();
      if (next === undefined) return;
      this.taken++;
      next();
    }
  }

  private next(): (() => void) | undefined {
    const [next] = this.queue;
    if (next !== undefined) this.queue.delete(next);
    return next;
  }
}
