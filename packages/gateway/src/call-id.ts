import { randomFillSync } from "node:crypto";

const RANDOM_BYTES = 6;

/** Random bytes of the next ids: one call of the platform for many of them takes a fraction of the time. */
const pool = Buffer.alloc(1_024 * RANDOM_BYTES);
let used = pool.length;

/**
 * Makes the id of a call: twelve hexadecimal digits of time, so that the ids of one time are near each other in the
 * ledger, and twelve random ones.
 * @param at epoch milliseconds
 */
export function makeCallId(at: number): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString("hex", used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  return `call_${Math.floor(at).toString(16).padStart(12, "0")}${random}`;
}
