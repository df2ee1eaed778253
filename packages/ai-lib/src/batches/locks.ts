import type { BatchStore } from "../core/contract/batch-store.js";
import type { Clock } from "../core/contract/clock.js";
import { sleep } from "../core/run/sleep.js";

/** Milliseconds until a lock that another process holds is tried again. */
const AGAIN_MS = 250;

/** One holder at a time: of this process by turns, of others by the store. */
export class Locks {
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly store: BatchStore) {}

  /** Runs `work` with the lock of a job. */
  async hold<T>(
    id: string,
    name: string,
    clock: Clock,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const key = `${id}/${name}`;
    const before = this.turns.get(key) ?? Promise.resolve();
    const turn = before.then(() => this.locked(id, name, clock, signal, work));
    const settled = turn.catch(() => undefined);
    this.turns.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.turns.get(key) === settled) this.turns.delete(key);
    }
  }

  private async locked<T>(
    id: string,
    name: string,
    clock: Clock,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    let lock = await this.store.lock(id, name);
    while (lock === undefined) {
      await sleep(AGAIN_MS, clock, signal);
      lock = await this.store.lock(id, name);
    }
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }
}
