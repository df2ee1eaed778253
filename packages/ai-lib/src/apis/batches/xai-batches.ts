import type { RowReply, VendorBatch } from "../../core/contract/batch-service.js";
import type { JobState } from "../../core/contract/job.js";
import type { HttpRequest } from "../../core/contract/transport.js";
import { asArray, asNumber, asObject, asString, isObject, type JsonObject } from "../../core/values/json.js";
import { type BatchCodec, countOf, get, notABatch, post, segment, timeOf } from "./batch-codec.js";

/**
 * xAI's batches: created empty, filled page by page, and read page by page.
 * https://docs.x.ai/docs/guides/batch-api
 */
export const codec: BatchCodec = {
  ways: {
    pages: {
      rows: 1_000,
      bytes: 16_000_000,
      create: ({ token }) => post("/batches", { name: token }),
      add: (id) => ({
        http: {
          method: "POST",
          path: `/batches/${segment(id)}/requests`,
          headers: { "content-type": "application/json" },
        },
        head: '{"batch_requests":[',
        tail: "]}",
      }),
    },
  },
  row: (key, _path, body) =>
    `{"batch_request_id":${JSON.stringify(key)},"batch_request":{"chat_get_completion":${body}}}`,
  read: readBatch,
  get: (id) => get(`/batches/${segment(id)}`),
  cancel: (id) => post(`/batches/${segment(id)}:cancel`),
  list: (after, limit) => get("/batches", pageOf(after, limit)),
  readList(body) {
    const page = asObject(body);
    const batches = asArray(page?.["batches"]).filter(isObject).map(readBatch);
    const next = asString(page?.["pagination_token"]);
    return next === undefined || next === "" ? { batches } : { batches, next };
  },
  sources: ({ id }) => [
    {
      form: "pages",
      http: results(id),
      read(page) {
        const next = asString(page["pagination_token"]);
        return {
          rows: asArray(page["results"]),
          ...(next === undefined || next === "" ? {} : { next: results(id, next) }),
        };
      },
    },
  ],
  readRow,
};

function results(id: string, after?: string): HttpRequest {
  return get(`/batches/${segment(id)}/results`, pageOf(after, 100));
}

function pageOf(after: string | undefined, limit: number | undefined): Record<string, string> {
  return {
    ...(limit === undefined ? {} : { limit: String(limit) }),
    ...(after === undefined ? {} : { pagination_token: after }),
  };
}

/** A batch says nothing of its state but counts. */
function readBatch(body: JsonObject): VendorBatch {
  const id = asString(body["batch_id"]);
  if (id === undefined) throw notABatch(body);
  const counts = asObject(body["state"]);
  const total = countOf(counts?.["num_requests"]) ?? 0;
  const pending = countOf(counts?.["num_pending"]) ?? 0;
  const cancelled = countOf(counts?.["num_cancelled"]) ?? 0;
  return {
    id,
    state: stateOf(total, pending, typeof body["cancel_time"] === "string"),
    counts: {
      total,
      succeeded: countOf(counts?.["num_success"]),
      failed: countOf(counts?.["num_error"]),
      cancelled,
    },
    createdAt: timeOf(body["create_time"]),
    expiresAt: timeOf(body["expire_time"]),
    token: asString(body["name"]),
  };
}

function stateOf(total: number, pending: number, cancelled: boolean): JobState {
  if (pending > 0) return "running";
  if (cancelled) return "cancelled";
  return total === 0 ? "pending" : "done";
}

/** An answer is a chat completion, also to a row of the Responses API. */
function readRow(row: JsonObject): RowReply {
  const key = asString(row["batch_request_id"]);
  const result = asObject(row["batch_result"]);
  const response = asObject(result?.["response"]);
  const answer = response && Object.values(response).find(isObject);
  if (answer !== undefined) return { key, outcome: "succeeded", status: 200, body: JSON.stringify(answer) };
  const error = result?.["error"] ?? row["error"] ?? row["error_message"];
  const fields = asObject(error);
  const message = asString(fields?.["message"]) ?? asString(error) ?? "The provider gives no reason";
  const code = asNumber(fields?.["code"]);
  const status = code !== undefined && code >= 400 && code < 600 ? code : 500;
  return { key, outcome: "failed", status, body: JSON.stringify({ error: { message } }) };
}
