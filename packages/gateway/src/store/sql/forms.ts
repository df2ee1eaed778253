import type { AttemptRecord, CallRecord } from "../call-record.js";
import type { SqlValue } from "./database.js";
import { hashOf } from "./dimensions.js";

/** Forms that are remembered, at most. */
const MAX_KNOWN = 10_000;

/** Finds the forms of rows of the log: what many of them have in common besides what they are about. */
export class Forms {
  private readonly ids = new Map<string, number>();
  private added: SqlValue[][] = [];

  /** The id of the form of an attempt, or of a call without one. */
  of(call: CallRecord, attempt: AttemptRecord | undefined): number {
    const name = nameOf(call, attempt);
    let id = this.ids.get(name);
    if (id === undefined) {
      const values = valuesOf(call, attempt);
      id = hashOf(values);
      this.ids.set(name, id);
      this.added.push([id, ...values]);
    }
    return id;
  }

  /** Rows of the forms that are new since the last time, in the order of their ids. */
  take(): SqlValue[][] {
    const rows = this.added.sort((a, b) => Number(a[0]) - Number(b[0]));
    this.added = [];
    if (this.ids.size > MAX_KNOWN) this.forget();
    return rows;
  }

  /** Forgets all forms: the batch that introduced them was not written, or they are too many. */
  forget(): void {
    this.ids.clear();
    this.added = [];
  }
}

/** A name of a form. No text of a call has a character with the number 0. */
function nameOf(call: CallRecord, attempt: AttemptRecord | undefined): string {
  const { mode, dialect, model, status, code } = call;
  const ofCall = `${mode}\0${dialect}\0${model === undefined ? "" : `:${model}`}\0${status}\0${code ?? ""}`;
  return attempt === undefined
    ? ofCall
    : `${ofCall}\0${attempt.outcome}\0${attempt.code ?? ""}\0${attempt.status ?? ""}\0${attempt.estimated}`;
}

function valuesOf(call: CallRecord, attempt: AttemptRecord | undefined): SqlValue[] {
  const estimated = attempt === undefined ? null : attempt.estimated ? 1 : 0;
  return [
    ...[call.mode, call.dialect, call.model ?? null, call.status, call.code ?? null],
    ...[attempt?.outcome ?? null, attempt?.code ?? null, attempt?.status ?? null, estimated],
  ];
}
