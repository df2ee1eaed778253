import type { BatchExecutor, BatchJob, BatchJobCounts, BatchPart } from "../core/contract/batch-job.js";
import type { BatchProgress } from "../core/contract/batch-service.js";
import type { StoredBatch } from "../core/contract/batch-store.js";
import type { Mutable } from "../core/values/answer.js";
import { sumUsage } from "../core/values/sum-usage.js";
import type { Usage } from "../core/values/usage.js";

/** A stored part: its public fields, and those needed to continue it. */
export interface PartRecord extends Mutable<BatchPart> {
  /** Begins the keys of its rows, and names it at its vendor. */
  token: string;
  /** Path of the rows' endpoint. */
  path: string;
  windowHours: number;
  /** Live calls go to the provider of the part first, and to the others if it fails. */
  preferred?: boolean;
  /** Epoch milliseconds of the last attempt to send it. */
  sendingAt?: number;
  progress?: BatchProgress | undefined;
  /** The vendor's batch was found by time and size alone. */
  uncertain?: boolean;
  /** Batches of the vendor that were taken for this part and are others. */
  strangers?: string[];
  /** The vendor was asked to stop it. */
  stopping?: boolean;
  /** Questions in a row that the vendor refused. */
  refusals?: number;
}

/** A stored job. */
export interface JobRecord extends StoredBatch {
  readonly version: 1;
  state: "storing" | "open" | "closed";
  cancelled?: boolean;
  total: number;
  readonly webhook?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly retryOf?: string | undefined;
  readonly parts: PartRecord[];
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

export const NO_COUNTS: Omit<BatchJobCounts, "open"> = { succeeded: 0, failed: 0, cancelled: 0, expired: 0 };

/** Names of a part's files. */
export const files = {
  items: (part: number): string => `part-${part}.items.jsonl`,
  rows: (part: number): string => `part-${part}.rows.jsonl`,
  results: (part: number): string => `part-${part}.results.jsonl`,
};

/** The mark of a job that was cancelled, which any process may set. */
export const CANCEL_FILE = "cancelled";

/** The key of a row: the token of its part and its number there. */
export function rowKey(token: string, row: number): string {
  return `${token}_${row}`;
}

/** The number of a row in its part; undefined for a key of another batch. */
export function rowOf(token: string, key: string | undefined, rows: number): number | undefined {
  if (key === undefined || !key.startsWith(`${token}_`)) return undefined;
  const row = Number(key.slice(token.length + 1));
  return Number.isInteger(row) && row >= 0 && row < rows ? row : undefined;
}

/** A record as a caller sees it. */
export function jobOf(record: JobRecord): BatchJob {
  const parts = record.parts.map(partOf);
  const sum = { ...NO_COUNTS };
  let usage = NO_USAGE;
  let cost: number | undefined = 0;
  let done = 0;
  for (const part of parts) {
    const { counts } = part;
    done += part.state === "collected" ? part.rows : Math.min(part.done, part.rows);
    if (counts === undefined) continue;
    sum.succeeded += counts.succeeded;
    sum.failed += counts.failed;
    sum.cancelled += counts.cancelled;
    sum.expired += counts.expired;
    usage = sumUsage(usage, part.usage ?? NO_USAGE);
    if (counts.succeeded > 0)
      cost = cost === undefined || part.cost === undefined ? undefined : cost + part.cost;
  }
  const { id, createdAt, total, idempotencyKey, retryOf } = record;
  const open = total - sum.succeeded - sum.failed - sum.cancelled - sum.expired;
  return {
    id,
    state: stateOf(record),
    createdAt,
    total,
    counts: { ...sum, open },
    progress: total === 0 ? (record.state === "closed" ? 1 : 0) : done / total,
    parts,
    usage,
    cost,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(retryOf === undefined ? {} : { retryOf }),
  };
}

function stateOf({ state, cancelled, parts }: JobRecord): BatchJob["state"] {
  switch (state) {
    case "storing":
      return "storing";
    case "closed":
      return cancelled === true ? "cancelled" : "done";
    case "open":
      return parts.some((part) => part.state !== "ready" && part.state !== "sending") ? "running" : "pending";
    default:
      return state satisfies never;
  }
}

function partOf(record: PartRecord): BatchPart {
  const { number, executor, why, provider, kind, model, rows, bytes, state, done } = record;
  const { batch, word, counts, usage, cost, problem } = record;
  return {
    ...{ number, executor, why, provider, kind, model, rows, bytes, state, done },
    ...(batch === undefined ? {} : { batch }),
    ...(word === undefined ? {} : { word }),
    ...(counts === undefined ? {} : { counts }),
    ...(usage === undefined ? {} : { usage }),
    ...(cost === undefined ? {} : { cost }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** An executor as an option names it. */
export function isExecutor(value: unknown): value is BatchExecutor | "auto" {
  return value === "batch" || value === "live" || value === "auto";
}
