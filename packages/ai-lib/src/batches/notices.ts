import type { Clock } from "../core/contract/clock.js";
import { sleep } from "../core/run/sleep.js";

/** How many notices are remembered of batches that no call waits for yet. */
const MAX_REMEMBERED = 1_000;

/** Something else that ends a wait. */
export interface OtherNews {
  /** Whether there was news since the last wait; else `end` is called at the next. */
  listen(end: () => void): boolean;
}

/** Ends waits for batches that a vendor has called about. */
export class Notices {
  private readonly waiting = new Set<{ readonly batches: readonly string[]; readonly end: () => void }>();
  private readonly remembered = new Set<string>();

  notify(batch: string): void {
    let heard = false;
    for (const each of this.waiting)
      if (each.batches.includes(batch)) {
        heard = true;
        each.end();
      }
    if (heard) return;
    this.remembered.add(batch);
    for (const oldest of this.remembered) {
      if (this.remembered.size <= MAX_REMEMBERED) break;
      this.remembered.delete(oldest);
    }
  }

  /** Waits for a time, a notice about one of some batches, or other news. */
  async wait(
    ms: number,
    batches: readonly string[],
    clock: Clock,
    signal: AbortSignal | undefined,
    other: OtherNews,
  ): Promise<void> {
    let told = false;
    for (const batch of batches) if (this.remembered.delete(batch)) told = true;
    if (told) return;
    let entry: { readonly batches: readonly string[]; readonly end: () => void } | undefined;
    try {
      await sleep(ms, clock, signal, (end) => {
        entry = { batches, end };
        this.waiting.add(entry);
        if (other.listen(end)) end();
      });
    } finally {
      if (entry !== undefined) this.waiting.delete(entry);
    }
  }
}
