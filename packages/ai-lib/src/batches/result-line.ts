import type { BatchResult } from "../core/contract/batch-job.js";
import { AiLibError, type AiLibErrorInit } from "../core/errors/error.js";
import { REACTIONS } from "../core/errors/reactions.js";
import type { Warning } from "../core/values/answer.js";
import { isObject, tryParse } from "../core/values/json.js";
import type { Kind, RequestOf, ResponseOf } from "../core/values/kinds.js";
import type { Usage } from "../core/values/usage.js";

/** A row as it was submitted. */
export interface Item {
  readonly index: number;
  readonly id: string;
  readonly request: RequestOf;
  readonly warnings?: readonly Warning[];
}

/** The result of a row: an answer, or the reason why there is none. */
export type RowResult =
  | { readonly outcome: "succeeded"; readonly response: ResponseOf }
  | { readonly outcome: "failed" | "cancelled" | "expired"; readonly error: AiLibError };

type AnswerOf = { readonly usage: Usage; readonly cost?: number };

export function writeItem(item: Item): string {
  const { index, id, request, warnings = [] } = item;
  return JSON.stringify(warnings.length === 0 ? { index, id, request } : { index, id, request, warnings });
}

export function readItem(line: string): Item {
  return JSON.parse(line) as Item;
}

export function writeResult({ index, id }: Pick<Item, "index" | "id">, result: RowResult): string {
  return result.outcome === "succeeded"
    ? JSON.stringify({ index, id, response: result.response })
    : JSON.stringify({ index, id, outcome: result.outcome, error: result.error.toJSON() });
}

/** A result as a caller gets it. */
export function readResult(line: string, part: number, kind: string): BatchResult {
  const stored = tryParse(line);
  if (!isObject(stored)) throw new Error("A result in the store of batch jobs is malformed");
  const { index, id, outcome, response, error } = stored as unknown as {
    index: number;
    id: string;
    outcome?: "failed" | "cancelled" | "expired";
    response?: ResponseOf;
    error?: Record<string, unknown>;
  };
  const head = { id, index, kind: kind as Kind, part };
  if (outcome !== undefined) return { ...head, outcome, error: reviveError(error) } as BatchResult;
  const { usage, cost } = response as AnswerOf;
  const priced = cost === undefined ? {} : { cost };
  return { ...head, outcome: "succeeded", response, usage, ...priced } as BatchResult;
}

/** The usage and the cost of a result. */
export function billOf(response: ResponseOf): AnswerOf {
  return response as AnswerOf;
}

function reviveError(stored: Record<string, unknown> = {}): AiLibError {
  const code = stored["code"];
  const known = typeof code === "string" && Object.hasOwn(REACTIONS, code);
  return new AiLibError({
    ...(stored as unknown as AiLibErrorInit),
    code: known ? (code as AiLibErrorInit["code"]) : "PROVIDER_ERROR",
    message: String(stored["message"] ?? "The row failed"),
  });
}
