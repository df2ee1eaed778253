import type { Entry } from "./member.js";

/**
 * Smooth weighted round robin, as in nginx: with each call every member gains its weight as credit; the member with the
 * most credit is asked and loses the sum of all weights. Weights 5, 1, 1 give a a b a c a a instead of a a a a a b c.
 */
export class SmoothWeightedRoundRobin {
  private readonly credit: Float64Array;

  /** @param members number of all members */
  constructor(members: number) {
    this.credit = new Float64Array(members);
  }

  /** The order for one call among some of the members: the one whose turn it is, then the others by credit. */
  next(members: readonly Entry[]): readonly Entry[] {
    const { credit } = this;
    let total = 0;
    for (const { index, weight } of members) {
      credit[index] = (credit[index] ?? 0) + weight;
      total += weight;
    }
    const byCredit = [...members].sort((a, b) => (credit[b.index] ?? 0) - (credit[a.index] ?? 0));
    const { index } = byCredit[0] as Entry;
    credit[index] = (credit[index] ?? 0) - total;
    return byCredit;
  }
}
