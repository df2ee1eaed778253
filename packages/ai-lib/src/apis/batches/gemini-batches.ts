import type { RowReply, VendorBatch } from "../../core/contract/batch-service.js";
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
import { type BatchCodec, countOf, get, type NewBatch, notABatch, post, timeOf } from "./batch-codec.js";

/** https://ai.google.dev/api/batch-api#BatchState; Vertex and older replies say JOB_STATE. */
const STATES: Readonly<Record<string, JobState>> = {
  PENDING: "pending",
  QUEUED: "pending",
  RUNNING: "running",
  SUCCEEDED: "done",
  FAILED: "failed",
  CANCELLED: "cancelled",
  EXPIRED: "expired",
};

function headOf({ token, webhook }: NewBatch): JsonObject {
  return {
    displayName: token,
    // `webhookConfig` of the npm package @google/genai 3.3.
    ...(webhook === undefined ? {} : { webhookConfig: { uris: [webhook] } }),
  };
}

/**
 * `/models/gemini-x:generateContent`, or `:embedContent`, as the address of a batch of it. That of embeddings: the npm
 * package @google/genai 3.3.
 */
function createPath(path: string): string {
  return path
    .replace(/:generateContent$/, ":batchGenerateContent")
    .replace(/:embedContent$/, ":asyncBatchEmbedContent");
}

/**
 * Gemini's batches: small ones with their rows within the request, others by a file. All rows of one have the same
 * model. https://ai.google.dev/gemini-api/docs/batch-api
 */
export const codec: BatchCodec = {
  ways: {
    inline: {
      rows: 100_000,
      // "total request size under 20MB", minus space for the JSON around the rows.
      bytes: 16_000_000,
      request: (batch) => ({
        http: {
          method: "POST",
          path: createPath(batch.path),
          headers: { "content-type": "application/json" },
        },
        head: `{"batch":${JSON.stringify(headOf(batch)).slice(0, -1)},"inputConfig":{"requests":{"requests":[`,
        tail: "]}}}}",
      }),
      reshape: inlineRow,
    },
    file: {
      purpose: undefined,
      mediaType: "application/jsonl",
      request: (batch, file) =>
        post(createPath(batch.path), { batch: { ...headOf(batch), inputConfig: { fileName: file } } }),
    },
  },
  refusal: (path) =>
    path.endsWith(":batchEmbedContents")
      ? "a row of embeddings has one input: cut `inputs` into several rows"
      : undefined,
  row: (key, _path, body) => `{"key":${JSON.stringify(key)}${BEFORE_REQUEST}${body}}`,
  read: readBatch,
  get: (id) => get(`/${pathOf(id)}`),
  cancel: (id) => post(`/${pathOf(id)}:cancel`),
  list: (after, limit) =>
    get("/batches", {
      ...(after === undefined ? {} : { pageToken: after }),
      ...(limit === undefined ? {} : { pageSize: String(limit) }),
    }),
  readList(body) {
    const page = asObject(body);
    const batches = asArray(page?.["operations"]).filter(isObject).map(readBatch);
    const next = asString(page?.["nextPageToken"]);
    return next === undefined || next === "" ? { batches } : { batches, next };
  },
  sources: ({ rows, outputFile }) =>
    rows !== undefined || outputFile === undefined
      ? []
      : [{ form: "lines", http: get(`/${pathOf(outputFile)}:download`, { alt: "media" }) }],
  readRow,
};

/** The text between the key and the request of a row. */
const BEFORE_REQUEST = ',"request":';

/** A row of a file has a key, one within a request has metadata, and neither may have both. */
function inlineRow(line: string): string {
  const at = line.indexOf(BEFORE_REQUEST);
  const key = line.slice('{"key":'.length, at);
  const request = line.slice(at + BEFORE_REQUEST.length, -1);
  return `{"request":${request},"metadata":{"key":${key}}}`;
}

/** A name of a resource, such as `batches/123`, as a path. It is text from the network. */
function pathOf(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

function readBatch(given: JsonObject): VendorBatch {
  const id = asString(given["name"]);
  // Cancelling answers with an empty object.
  if (id === undefined) throw notABatch(given);
  const body = asObject(given["metadata"]) ?? given;
  const word = asString(body["state"]);
  const stats = asObject(body["batchStats"]);
  const output = asObject(body["output"]) ?? asObject(given["response"]);
  const inline = asObject(output?.["inlinedResponses"]);
  const rows = inline === undefined ? undefined : asArray(inline["inlinedResponses"]).filter(isObject);
  const error = asObject(given["error"]);
  const input = asObject(body["inputConfig"]);
  return {
    id,
    state: entryOf(STATES, (word ?? "").replace(/^(BATCH|JOB)_STATE_/, "")) ?? "running",
    word,
    counts: {
      total: countOf(stats?.["requestCount"]),
      succeeded: countOf(stats?.["successfulRequestCount"]),
      failed: countOf(stats?.["failedRequestCount"]),
    },
    createdAt: timeOf(body["createTime"]),
    token: asString(body["displayName"]),
    inputFile: asString(input?.["fileName"]),
    outputFile: asString(output?.["responsesFile"]),
    ...(rows === undefined ? {} : { rows }),
    ...(error === undefined ? {} : { faults: [{ message: asString(error["message"]) ?? "no reason" }] }),
  };
}

/** HTTP statuses of the codes of gRPC. https://cloud.google.com/apis/design/errors#handling_errors */
const STATUSES: Readonly<Record<number, number>> = {
  1: 499,
  3: 400,
  4: 504,
  5: 404,
  7: 403,
  8: 429,
  9: 400,
  11: 400,
  12: 501,
  14: 503,
  16: 401,
};

function readRow(row: JsonObject): RowReply {
  const metadata = asObject(row["metadata"]);
  const key = asString(row["key"]) ?? asString(metadata?.["key"]) ?? asString(metadata?.["custom_id"]);
  const response = asObject(row["response"]);
  if (response !== undefined)
    return { key, outcome: "succeeded", status: 200, body: JSON.stringify(response) };
  const error = asObject(row["error"]) ?? asObject(row["status"]);
  const code = asNumber(error?.["code"]) ?? 13;
  const status = code >= 100 ? code : (STATUSES[code] ?? 500);
  const outcome = code === 1 ? "cancelled" : code === 4 ? "expired" : "failed";
  return { key, outcome, status, body: JSON.stringify({ error: { ...error, code: status } }) };
}
