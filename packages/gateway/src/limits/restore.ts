import { isRead } from "../keys/counted.js";
import type { Bucket } from "./bucket.js";
import { NANO } from "./bucket.js";
import type { ChainLimit } from "./chain.js";
import type { SpendHistory, SpentHour } from "./limit-state.js";
import { windowStart } from "./window.js";

const HOUR_MS = 3_600_000;

/**
 * Adds what was used before this process began to buckets, each once, before their first call. Minutes are shorter than
 * a restart and begin empty.
 */
export class Restorer {
  private readonly done = new WeakSet<Bucket>();
  private readonly running = new WeakMap<Bucket, Promise<void>>();
  /** Chains all of whose buckets are done. */
  private readonly complete = new WeakSet<readonly ChainLimit[]>();

  constructor(private readonly history: SpendHistory | undefined) {}

  /** Whether there is a past to read. */
  get reads(): boolean {
    return this.history !== undefined;
  }

  /** @returns undefined where nothing needs to be read; rejects where the history cannot be read */
  ready(limits: readonly ChainLimit[], now: number): Promise<unknown> | undefined {
    const { history } = this;
    if (history === undefined) return undefined;
    if (this.complete.has(limits)) return undefined;
    const missing = limits.filter(({ bucket }) => !this.done.has(bucket));
    if (missing.length === 0) {
      this.complete.add(limits);
      return undefined;
    }
    return Promise.all(missing.map(({ bucket }) => this.restore(history, bucket, now)));
  }

  private restore(history: SpendHistory, bucket: Bucket, now: number): Promise<void> {
    const known = this.running.get(bucket);
    if (known !== undefined) return known;
    const restoring = readInto(history, bucket, now).then(
      () => void this.done.add(bucket),
      (error) => {
        this.running.delete(bucket);
        throw error;
      },
    );
    this.running.set(bucket, restoring);
    return restoring;
  }
}

async function readInto(history: SpendHistory, bucket: Bucket, now: number): Promise<void> {
  const { node, counts } = bucket;
  const { per, rolling, routes } = counts;
  if (per === undefined || !isRead(counts)) return;
  const from = per === "total" ? 0 : Math.floor(windowStart(per, rolling, now) / HOUR_MS) * HOUR_MS;
  const spent = await history.spentSince({ node, from, ...(routes !== undefined && { routes }) });
  for (const hour of spent) {
    const amount = amountIn(bucket, hour);
    // At the end of its hour, so that it leaves a window that rolls no sooner than what was used.
    if (amount > 0) bucket.restore(now, per === "total" ? now : hour.at + HOUR_MS - 1, amount);
  }
}

function amountIn({ counts }: Bucket, { requests, tokens, dollars }: SpentHour): number {
  switch (counts.unit) {
    case "requests":
      return requests;
    case "tokens":
      return tokens;
    case "dollars":
      return Math.ceil(dollars * NANO);
    case "concurrent":
      return 0;
    default: {
      const never: never = counts.unit;
      throw new TypeError(`Unknown unit ${String(never)}`);
    }
  }
}
