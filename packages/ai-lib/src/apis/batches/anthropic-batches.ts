import type { RowReply, VendorBatch } from "../../core/contract/batch-service.js";
import { asArray, asObject, asString, entryOf, isObject, type JsonObject } from "../../core/values/json.js";
import { type BatchCodec, countOf, get, notABatch, post, segment, timeOf } from "./batch-codec.js";

const PATH = "/v1/messages/batches";

/** Anthropic's batches, with the rows within the request. https://platform.claude.com/docs/en/api/creating-message-batches */
export const codec: BatchCodec = {
  ways: {
    inline: {
      rows: 100_000,
      bytes: 256_000_000,
      request: () => ({
        http: { method: "POST", path: PATH, headers: { "content-type": "application/json" } },
        head: '{"requests":[',
        tail: "]}",
      }),
    },
  },
  row: (key, _path, body) => `{"custom_id":${JSON.stringify(key)},"params":${body}}`,
  read: readBatch,
  get: (id) => get(`${PATH}/${segment(id)}`),
  cancel: (id) => post(`${PATH}/${segment(id)}/cancel`),
  list: (after, limit) =>
    get(PATH, {
      ...(after === undefined ? {} : { after_id: after }),
      ...(limit === undefined ? {} : { limit: String(limit) }),
    }),
  readList(body) {
    const page = asObject(body);
    const batches = asArray(page?.["data"]).filter(isObject).map(readBatch);
    const last = asString(page?.["last_id"]) ?? batches.at(-1)?.id;
    return page?.["has_more"] === true && last !== undefined ? { batches, next: last } : { batches };
  },
  sources: ({ id, resultsUrl }) =>
    resultsUrl === undefined ? [] : [{ form: "lines", http: get(`${PATH}/${segment(id)}/results`) }],
  readRow,
};

function readBatch(body: JsonObject): VendorBatch {
  const id = asString(body["id"]);
  const word = asString(body["processing_status"]);
  if (id === undefined || word === undefined) throw notABatch(body);
  const counts = asObject(body["request_counts"]);
  const [processing, succeeded, failed, cancelled, expired] = [
    "processing",
    "succeeded",
    "errored",
    "canceled",
    "expired",
  ].map((name) => countOf(counts?.[name]) ?? 0) as [number, number, number, number, number];
  return {
    id,
    state: word === "ended" ? "done" : "running",
    word,
    counts: {
      total: processing + succeeded + failed + cancelled + expired,
      succeeded,
      failed,
      cancelled,
      expired,
    },
    createdAt: timeOf(body["created_at"]),
    expiresAt: timeOf(body["expires_at"]),
    resultsUrl: asString(body["results_url"]),
  };
}

/** Statuses that the types of errors come with. https://platform.claude.com/docs/en/api/errors */
const STATUSES: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

function readRow(row: JsonObject): RowReply {
  const key = asString(row["custom_id"]);
  const result = asObject(row["result"]);
  switch (result?.["type"]) {
    case "succeeded":
      return { key, outcome: "succeeded", status: 200, body: JSON.stringify(result["message"] ?? null) };
    case "canceled":
      return { key, outcome: "cancelled", status: 499, body: "" };
    case "expired":
      return { key, outcome: "expired", status: 408, body: "" };
    default: {
      const error = asObject(result?.["error"]);
      const type = asString(asObject(error?.["error"])?.["type"]) ?? asString(error?.["type"]) ?? "";
      return {
        key,
        outcome: "failed",
        status: entryOf(STATUSES, type) ?? 500,
        body: JSON.stringify(error ?? row),
        requestId: asString(error?.["request_id"]),
      };
    }
  }
}
