import { randomBytes } from "node:crypto";

/**
 * Makes the id of a call: twelve hexadecimal digits of time, so that the ids of one time are near each other in the
 * ledger, and twelve random ones.
 * @param at epoch milliseconds
 */
export function makeCallId(at: number): string {
  return `call_${Math.floor(at).toString(16).padStart(12, "0")}${randomBytes(6).toString("hex")}`;
}
