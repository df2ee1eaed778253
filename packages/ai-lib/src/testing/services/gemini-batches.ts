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
import { linesOf, type SimulatedBatch, type SimulatedBatches } from "./simulated-batches.js";
import { limitOf, type SimulatedFiles } from "./simulated-files.js";

const CREATE = /^(\/v1(?:beta|alpha)?)\/models\/([^/:]+):(batchGenerateContent|asyncBatchEmbedContent)$/;
const PATH = /^\/v1(?:beta|alpha)\/batches(?:\/([^/:]+))?(:cancel)?$/;

const WORDS = {
  pending: "PENDING",
  running: "RUNNING",
  // A batch that is being cancelled still runs.
  cancelling: "RUNNING",
  done: "SUCCEEDED",
  failed: "FAILED",
  expired: "EXPIRED",
  cancelled: "CANCELLED",
} as const satisfies Record<SimulatedBatch["state"], string>;

/** Batches as Gemini serves them. https://ai.google.dev/gemini-api/docs/batch-api */
export class GeminiBatches implements SimulatedService {
  constructor(
    private readonly batchesOf: (endpoint: string) => SimulatedBatches,
    private readonly filesOf: (endpoint: string) => SimulatedFiles,
  ) {}

  serves({ path }: ServiceHead): "gemini" | undefined {
    return CREATE.test(path) || PATH.test(path) ? "gemini" : undefined;
  }

  answer(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const [created, version = "", model = "", verb] = CREATE.exec(request.path) ?? [];
    const rows = verb === "asyncBatchEmbedContent" ? "embedContent" : "generateContent";
    if (created !== undefined) return this.create(request, `${version}/models/${model}:${rows}`, host);
    const [, segment, cancel] = PATH.exec(request.path) ?? [];
    const batches = this.batchesOf(request.endpoint);
    const files = this.filesOf(request.endpoint);
    if (segment === undefined) {
      const { pageToken, pageSize } = request.query;
      const all = batches.all();
      const from = pageToken === undefined ? 0 : all.findIndex(({ id }) => id === pageToken) + 1;
      const page = all.slice(from, from + limitOf(pageSize, 50));
      const more = from + page.length < all.length;
      const operations = page.map((batch) => objectOf(batch, files));
      return jsonReply({ operations, ...(more ? { nextPageToken: page.at(-1)?.id ?? "" } : {}) });
    }
    const id = `batches/${decodeURIComponent(segment)}`;
    if (cancel === undefined) return jsonReply(objectOf(batches.ask(id), files));
    batches.cancel(id);
    return jsonReply({});
  }

  private create({ endpoint, body }: ServiceRequest, path: string, host: ServiceHost): ServiceReply {
    const batch = asObject(asObject(tryParse(new TextDecoder().decode(body)))?.["batch"]);
    const input = asObject(batch?.["inputConfig"]);
    const file = asString(input?.["fileName"]);
    const inline = asArray(asObject(input?.["requests"])?.["requests"]).filter(isObject);
    if (batch === undefined || inline.length > 0 === (file !== undefined))
      throw refused(400, "One of input_config.requests and input_config.file_name is required");
    if (inline.some((row) => row["key"] !== undefined))
      throw refused(400, 'Invalid JSON payload received. Unknown name "key" at batch.input_config.requests');
    const files = this.filesOf(endpoint);
    const text = file === undefined ? "" : new TextDecoder().decode(files.get(file).bytes);
    const rows = file === undefined ? inline : [...linesOf(text)].map(tryParse).filter(isObject);
    const model = decodeURIComponent(/models\/([^/:]+):/.exec(path)?.[1] ?? "");
    const created = this.batchesOf(endpoint).create(
      {
        id: `batches/sim${host.nextId()}`,
        dialect: "gemini",
        facts: {
          ...{ model, file },
          name: batch["displayName"] ?? "",
          metadata: new Map(rows.map((row, i) => [asString(row["key"]) ?? String(i), row["metadata"]])),
        },
        rows: () =>
          rows.map((row, i) => ({
            key: asString(row["key"]) ?? String(i),
            path,
            body: JSON.stringify(row["request"] ?? null),
          })),
      },
      rows.length,
    );
    return jsonReply(objectOf(created, files));
  }
}

function objectOf(batch: SimulatedBatch, files: SimulatedFiles): JsonObject {
  const { id, facts, plan, createdAt, endedAt, state, counts } = batch;
  const pending = counts.total - counts.succeeded - counts.failed;
  const time = new Date(createdAt).toISOString();
  const isOver = endedAt !== undefined && state !== "failed";
  const metadata = {
    "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
    model: `models/${String(facts["model"])}`,
    displayName: facts["name"] as string,
    createTime: time,
    updateTime: time,
    ...(endedAt === undefined ? {} : { endTime: new Date(endedAt).toISOString() }),
    batchStats: {
      requestCount: String(counts.total),
      ...(pending > 0 ? { pendingRequestCount: String(pending) } : {}),
      ...(counts.succeeded > 0 ? { successfulRequestCount: String(counts.succeeded) } : {}),
      ...(counts.failed > 0 ? { failedRequestCount: String(counts.failed) } : {}),
    },
    state: `BATCH_STATE_${WORDS[state]}`,
    name: id,
    ...(isOver ? { output: outputOf(batch, files) } : {}),
  };
  return {
    name: id,
    metadata,
    ...(endedAt === undefined ? {} : { done: true }),
    ...(state === "failed" ? { error: { code: 3, message: plan.invalid ?? "invalid" } } : {}),
  };
}

/** The results: within the batch if its rows were, else in a file. */
function outputOf({ id, facts, results }: SimulatedBatch, files: SimulatedFiles): JsonObject {
  const answered = results.filter(({ outcome }) => outcome === "succeeded" || outcome === "failed");
  if (facts["file"] === undefined) {
    const given = facts["metadata"] as ReadonlyMap<string, JsonObject | undefined>;
    const inlinedResponses = answered.map(({ key, outcome, body }) => {
      const told = JSON.parse(body) as JsonObject;
      const metadata = given.get(key);
      return outcome === "succeeded"
        ? { response: told, metadata }
        : { error: asObject(told["error"]) ?? told, metadata };
    });
    return { inlinedResponses: { inlinedResponses } };
  }
  const name = `files/${id.replace("/", "-")}`;
  files.addLines({ id: name }, answered, ({ key, outcome, body }) => {
    const field = outcome === "succeeded" ? `"response":${body}` : body.trim().slice(1, -1);
    return `{"key":${JSON.stringify(key)},${field}}`;
  });
  return { responsesFile: name };
}
