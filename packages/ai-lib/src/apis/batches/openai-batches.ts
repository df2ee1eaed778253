import type { BatchFault, RowReply, VendorBatch } from "../../core/contract/batch-service.js";
import type { JobState } from "../../core/contract/job.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  entryOf,
  isObject,
  type JsonObject,
} from "../../core/values/json.js";
import {
  type BatchCodec,
  countOf,
  get,
  notABatch,
  post,
  type ResultSource,
  segment,
  timeOf,
} from "./batch-codec.js";

/** https://platform.openai.com/docs/api-reference/batch/object; Together writes them in capitals. */
const STATES: Readonly<Record<string, JobState>> = {
  validating: "pending",
  in_progress: "running",
  finalizing: "running",
  cancelling: "running",
  completed: "done",
  failed: "failed",
  expired: "expired",
  cancelled: "cancelled",
};

/** The path of an endpoint in a row: with a version, whatever the base URL of the provider begins with. */
function endpointOf(path: string): string {
  return `/v1${path}`;
}

/** OpenAI's batches, whose API Azure and Groq have as well. https://platform.openai.com/docs/api-reference/batch */
export const codec: BatchCodec = {
  ways: {
    file: {
      purpose: "batch",
      mediaType: "application/jsonl",
      request: ({ token, path, windowHours }, file) =>
        post("/batches", {
          input_file_id: file,
          endpoint: endpointOf(path),
          completion_window: windowOf(windowHours),
          metadata: { ai_lib: token },
        }),
    },
  },
  row: (key, path, body) =>
    `{"custom_id":${JSON.stringify(key)},"method":"POST","url":${JSON.stringify(endpointOf(path))},"body":${body}}`,
  read: readBatch,
  get: (id) => get(`/batches/${segment(id)}`),
  cancel: (id) => post(`/batches/${segment(id)}/cancel`),
  list: (after, limit) =>
    get("/batches", {
      ...(after === undefined ? {} : { after }),
      ...(limit === undefined ? {} : { limit: String(limit) }),
    }),
  readList(body) {
    // Together answers with a bare list.
    const list = Array.isArray(body) ? body : asArray(asObject(body)?.["data"]);
    const batches = list.filter(isObject).map(readBatch);
    const more = asObject(body)?.["has_more"] === true;
    const last = batches.at(-1)?.id;
    return more && last !== undefined ? { batches, next: last } : { batches };
  },
  sources: ({ outputFile, errorFile }) =>
    [outputFile, errorFile].flatMap((file): ResultSource[] =>
      file === undefined ? [] : [{ form: "lines", http: get(`/files/${segment(file)}/content`) }],
    ),
  readRow,
};

/** A window as the API writes it: days beyond the first (https://console.groq.com/docs/batch). */
function windowOf(hours: number): string {
  return hours > 24 && hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}

/** A batch of OpenAI or of a vendor that speaks as it does. */
export function readBatch(given: JsonObject): VendorBatch {
  // Together wraps a new batch.
  const body = asObject(given["job"]) ?? given;
  const id = asString(body["id"]);
  const word = asString(body["status"]);
  if (id === undefined || word === undefined) throw notABatch(given);
  const counts = asObject(body["request_counts"]);
  const faults = faultsOf(body);
  return {
    id,
    state: entryOf(STATES, word.toLowerCase()) ?? "running",
    word,
    counts: {
      total: countOf(counts?.["total"]),
      succeeded: countOf(counts?.["completed"]),
      failed: countOf(counts?.["failed"]),
    },
    createdAt: timeOf(body["created_at"]),
    expiresAt: timeOf(body["expires_at"]),
    token: asString(asObject(body["metadata"])?.["ai_lib"]),
    inputFile: textOf(body["input_file_id"]),
    outputFile: textOf(body["output_file_id"]),
    errorFile: textOf(body["error_file_id"]),
    ...(faults.length === 0 ? {} : { faults }),
  };
}

/** A text that says something. Together writes an empty one where there is no file. */
function textOf(value: unknown): string | undefined {
  const text = asString(value);
  return text === "" ? undefined : text;
}

function faultsOf(body: JsonObject): BatchFault[] {
  const listed = asArray(asObject(body["errors"])?.["data"]).filter(isObject);
  const own = asString(body["error"]);
  return [
    ...listed.map((each) => ({
      message: asString(each["message"]) ?? "The provider gives no reason",
      code: asString(each["code"]),
      line: asNumber(each["line"]),
    })),
    ...(own === undefined || own === "" ? [] : [{ message: own }]),
  ];
}

/** Codes of rows that were not run. https://platform.openai.com/docs/guides/batch#batch-expiration */
const NOT_RUN: Readonly<Record<string, "expired" | "cancelled">> = {
  batch_expired: "expired",
  batch_cancelled: "cancelled",
};

/** A line of an output or error file. */
export function readRow(row: JsonObject): RowReply {
  const key = asString(row["custom_id"]);
  const response = asObject(row["response"]);
  const error = asObject(row["error"]);
  const status = asNumber(response?.["status_code"]);
  const requestId = asString(response?.["request_id"]);
  if (status !== undefined && status < 400 && response?.["body"] !== undefined) {
    return { key, outcome: "succeeded", status, body: JSON.stringify(response["body"]), requestId };
  }
  const code = asString(error?.["code"]);
  const outcome = code === undefined ? "failed" : (entryOf(NOT_RUN, code) ?? "failed");
  const body = response?.["body"] ?? (error === undefined ? row : { error });
  return {
    key,
    outcome,
    status: status ?? (error === undefined ? 500 : 400),
    body: JSON.stringify(body),
    requestId,
  };
}
