import { asArray, asObject, asString, isObject, type JsonObject, tryParse } from "../../core/values/json.js";
import {
  jsonReply,
  refused,
  type ServiceHead,
  type ServiceHost,
  type ServiceReply,
  type ServiceRequest,
  type SimulatedService,
} from "./service.js";
import type { SimulatedBatch, SimulatedBatches } from "./simulated-batches.js";
import { limitOf } from "./simulated-files.js";

const PATH = /^\/v1\/messages\/batches(?:\/([^/]+))?(\/cancel|\/results)?$/;

const DAY_MS = 86_400_000;

/** Batches as Anthropic serves them. https://platform.claude.com/docs/en/api/creating-message-batches */
export class AnthropicBatches implements SimulatedService {
  constructor(private readonly batchesOf: (endpoint: string) => SimulatedBatches) {}

  serves({ path }: ServiceHead): "anthropic-messages" | undefined {
    return PATH.test(path) ? "anthropic-messages" : undefined;
  }

  answer(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const [, segment, action] = PATH.exec(request.path) ?? [];
    const batches = this.batchesOf(request.endpoint);
    if (segment === undefined)
      return request.method === "POST" ? create(request, batches, host) : list(batches, request.query, host);
    const id = decodeURIComponent(segment);
    if (action === "/cancel") return jsonReply(objectOf(batches.cancel(id), host));
    if (action === undefined) {
      if (request.method === "DELETE") throw refused(400, "The simulator keeps batches");
      return jsonReply(objectOf(batches.ask(id), host), 200, { "retry-after": "1" });
    }
    const { endedAt, results } = batches.get(id);
    if (endedAt === undefined) throw refused(404, "The batch has no results yet");
    return {
      status: 200,
      headers: { "content-type": "application/x-jsonl" },
      body: results.map(lineOf).join(""),
    };
  }
}

function create({ body }: ServiceRequest, batches: SimulatedBatches, host: ServiceHost): ServiceReply {
  const given = asObject(tryParse(new TextDecoder().decode(body)));
  const requests = asArray(given?.["requests"]).filter(isObject);
  if (requests.length === 0)
    throw refused(400, "requests: List should have at least 1 item after validation");
  for (const each of requests)
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(asString(each["custom_id"]) ?? ""))
      throw refused(400, "requests: custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'");
  const batch = batches.create(
    {
      id: `msgbatch_sim${host.nextId()}`,
      dialect: "anthropic-messages",
      facts: {},
      rows: () =>
        requests.map((each) => ({
          key: asString(each["custom_id"]) ?? "",
          path: "/v1/messages",
          body: JSON.stringify(each["params"] ?? null),
        })),
    },
    requests.length,
  );
  return jsonReply(objectOf(batch, host));
}

function list(
  batches: SimulatedBatches,
  { after_id: after, limit }: Readonly<Record<string, string>>,
  host: ServiceHost,
): ServiceReply {
  const all = batches.all();
  const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const size = limitOf(limit, 20);
  const page = all.slice(from, from + size);
  return jsonReply({
    data: page.map((batch) => objectOf(batch, host)),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: from + size < all.length,
  });
}

/** Rows are counted as processing until the end. */
function objectOf(batch: SimulatedBatch, { baseUrl }: ServiceHost): JsonObject {
  const { id, createdAt, endedAt, state, counts } = batch;
  const ended = endedAt !== undefined;
  return {
    id,
    type: "message_batch",
    processing_status: ended ? "ended" : state === "cancelling" ? "canceling" : "in_progress",
    request_counts: {
      processing: ended ? 0 : counts.total,
      succeeded: counts.succeeded,
      errored: counts.failed,
      canceled: counts.cancelled,
      expired: counts.expired,
    },
    ended_at: ended ? new Date(endedAt).toISOString() : null,
    created_at: new Date(createdAt).toISOString(),
    expires_at: new Date(createdAt + DAY_MS).toISOString(),
    archived_at: null,
    cancel_initiated_at:
      state === "cancelling" || state === "cancelled" ? new Date(createdAt).toISOString() : null,
    results_url: ended ? `${baseUrl}/v1/messages/batches/${id}/results` : null,
  };
}

function lineOf({ key, outcome, body }: SimulatedBatch["results"][number]): string {
  const head = `{"custom_id":${JSON.stringify(key)},"result":`;
  switch (outcome) {
    case "succeeded":
      return `${head}{"type":"succeeded","message":${body}}}\n`;
    case "failed":
      return `${head}{"type":"errored","error":${body}}}\n`;
    case "cancelled":
      return `${head}{"type":"canceled"}}\n`;
    case "expired":
      return `${head}{"type":"expired"}}\n`;
    default:
      return outcome satisfies never;
  }
}
