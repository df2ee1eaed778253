import type { AttemptRecord, CallRecord } from "../call-record.js";
import type { SqlValue } from "./database.js";

/** The first character of the second half of a call's id, behind `call_` and twelve digits. */
const SERIAL_AT = 17;

/** The second half of the id of a call. The first one is the time at which it began. */
export function serialOf(id: string): number {
  return Number.parseInt(id.slice(SERIAL_AT), 16);
}

/** The id of a call with both halves. */
export function callIdOf(startedAt: number, serial: number): string {
  return `call_${startedAt.toString(16).padStart(12, "0")}${serial.toString(16).padStart(12, "0")}`;
}

/** The halves of the id of a call; undefined for a text that is none. */
export function halvesOf(id: string): { readonly startedAt: number; readonly serial: number } | undefined {
  return /^call_[0-9a-f]{24}$/.test(id)
    ? { startedAt: Number.parseInt(id.slice(5, SERIAL_AT), 16), serial: serialOf(id) }
    : undefined;
}

/** A row of `gateway_log`. @param n the number of the attempt in its call; 0 for a call without one */
export function logRow(
  call: CallRecord,
  n: number,
  attempt: AttemptRecord | undefined,
  dimension: number,
  form: number,
): SqlValue[] {
  const { startedAt } = call;
  const isFirst = n === 0;
  const meters = attempt?.meters;
  // Written out, since every call has one: a spread takes far longer.
  return [
    call.endedAt,
    startedAt,
    serialOf(call.id),
    n,
    call.key,
    dimension,
    form,
    isFirst ? (call.session ?? null) : null,
    isFirst ? (call.firstContentMs ?? null) : null,
    attempt === undefined ? null : attempt.startedAt - startedAt,
    attempt === undefined ? null : attempt.endedAt - attempt.startedAt,
    attempt?.firstContentMs ?? null,
    meters?.input ?? null,
    meters?.output ?? null,
    meters?.cached ?? null,
    meters?.cacheWrite ?? null,
    meters?.reasoning ?? null,
    meters?.others === undefined ? null : JSON.stringify(meters.others),
    attempt?.billed ?? null,
  ];
}
