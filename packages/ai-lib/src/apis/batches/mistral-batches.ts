import type { BatchFault, RowReply, VendorBatch } from "../../core/contract/batch-service.js";
import type { JobState } from "../../core/contract/job.js";
import { asArray, asObject, asString, entryOf, isObject, type JsonObject } from "../../core/values/json.js";
import {
  type BatchCodec,
  countOf,
  get,
  type NewBatch,
  notABatch,
  post,
  type ResultSource,
  segment,
  timeOf,
} from "./batch-codec.js";
import { readRow as readOpenAiRow } from "./openai-batches.js";

const PATH = "/batch/jobs";

/** `BatchJobStatus` of the npm package @mistralai/mistralai 2.7. */
const STATES: Readonly<Record<string, JobState>> = {
  QUEUED: "pending",
  RUNNING: "running",
  CANCELLATION_REQUESTED: "running",
  SUCCESS: "done",
  FAILED: "failed",
  TIMEOUT_EXCEEDED: "expired",
  CANCELLED: "cancelled",
};

function fieldsOf({ token, model, path, windowHours }: NewBatch): JsonObject {
  return { endpoint: `/v1${path}`, model, timeout_hours: windowHours, metadata: { ai_lib: token } };
}

/**
 * Mistral's batches: small ones with their rows within the request, others by a file. All rows of one have the same
 * model. https://docs.mistral.ai/studio-api/batch-processing
 */
export const codec: BatchCodec = {
  ways: {
    inline: {
      rows: 10_000,
      bytes: 8_000_000,
      request: (batch) => ({
        http: { method: "POST", path: PATH, headers: { "content-type": "application/json" } },
        head: `${JSON.stringify(fieldsOf(batch)).slice(0, -1)},"requests":[`,
        tail: "]}",
      }),
    },
    file: {
      purpose: "batch",
      mediaType: "application/jsonl",
      request: (batch, file) => post(PATH, { ...fieldsOf(batch), input_files: [file] }),
    },
  },
  row: (key, _path, body) => `{"custom_id":${JSON.stringify(key)},"body":${body}}`,
  read: readBatch,
  get: (id) => get(`${PATH}/${segment(id)}`),
  cancel: (id) => post(`${PATH}/${segment(id)}/cancel`),
  list: (after, limit) =>
    get(PATH, {
      ...(after === undefined ? {} : { page: after }),
      ...(limit === undefined ? {} : { page_size: String(limit) }),
      order_by: "-created",
    }),
  readList(body) {
    const batches = asArray(asObject(body)?.["data"]).filter(isObject).map(readBatch);
    return { batches };
  },
  sources: ({ rows, outputFile, errorFile }) =>
    rows !== undefined
      ? []
      : [outputFile, errorFile].flatMap((file): ResultSource[] =>
          file === undefined ? [] : [{ form: "lines", http: get(`/files/${segment(file)}/content`) }],
        ),
  readRow: (row): RowReply => readOpenAiRow(row),
};

function readBatch(body: JsonObject): VendorBatch {
  const id = asString(body["id"]);
  const word = asString(body["status"]);
  if (id === undefined || word === undefined) throw notABatch(body);
  const rows = Array.isArray(body["outputs"]) ? body["outputs"].filter(isObject) : undefined;
  const faults = asArray(body["errors"])
    .filter(isObject)
    .map((each): BatchFault => ({ message: asString(each["message"]) ?? "The provider gives no reason" }));
  return {
    id,
    state: entryOf(STATES, word) ?? "running",
    word,
    counts: {
      total: countOf(body["total_requests"]),
      succeeded: countOf(body["succeeded_requests"]),
      failed: countOf(body["failed_requests"]),
    },
    createdAt: timeOf(body["created_at"]),
    token: asString(asObject(body["metadata"])?.["ai_lib"]),
    inputFile: asString(asArray(body["input_files"])[0]),
    outputFile: asString(body["output_file"]),
    errorFile: asString(body["error_file"]),
    ...(rows === undefined ? {} : { rows }),
    ...(faults.length === 0 ? {} : { faults }),
  };
}
