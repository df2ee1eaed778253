import type { Random } from "../../core/contract/clock.js";

/** Seeded choices: the same seed, the same run. */
export class SeededRandom {
  constructor(readonly random: Random) {}

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  /** True in this share of all cases. */
  chance(share: number): boolean {
    return this.random() < share;
  }

  /** One of some, each as likely. */
  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }
}
