import type { Entry } from "./member.js";

/**
 * Smooth weighted round robin: with each call every member earns its weight, the richest serves and pays for all.
 * Weights 5, 1, 1 give a a b a c a a, never five in a row and then the others.
 */
export class SmoothWeightedRoundRobin {
  private readonly credit: Float64Array;

  /** @param members how many there are in all */
  constructor(members: number) {
    this.credit = new Float64Array(members);
  }

  /** Whose turn it is among some of the members, and then the others, the richest first. */
  next(members: readonly Entry[]): readonly Entry[] {
    const { credit } = this;
    let total = 0;
    for (const { index, weight } of members) {
      credit[index] = (credit[index] ?? 0) + weight;
      total += weight;
    }
    const richest = [...members].sort((a, b) => (credit[b.index] ?? 0) - (credit[a.index] ?? 0));
    const { index } = richest[0] as Entry;
    credit[index] = (credit[index] ?? 0) - total;
    return richest;
  }
}
