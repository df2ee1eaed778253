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
import {
  linesOf,
  type SimulatedBatch,
  type SimulatedBatches,
  type SimulatedRow,
} from "./simulated-batches.js";
import { limitOf, type SimulatedFiles } from "./simulated-files.js";

const PATH = /^\/v1\/batch\/jobs(?:\/([^/]+))?(\/cancel)?$/;

const WORDS = {
  pending: "QUEUED",
  running: "RUNNING",
  cancelling: "CANCELLATION_REQUESTED",
  done: "SUCCESS",
  failed: "FAILED",
  expired: "TIMEOUT_EXCEEDED",
  cancelled: "CANCELLED",
} as const satisfies Record<SimulatedBatch["state"], string>;

/** Batches as Mistral serves them. https://docs.mistral.ai/studio-api/batch-processing */
export class MistralBatches implements SimulatedService {
  constructor(
    private readonly batchesOf: (endpoint: string) => SimulatedBatches,
    private readonly filesOf: (endpoint: string) => SimulatedFiles,
  ) {}

  serves({ path }: ServiceHead): "mistral-chat" | undefined {
    return PATH.test(path) ? "mistral-chat" : undefined;
  }

  answer(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const [, segment, cancel] = PATH.exec(request.path) ?? [];
    const batches = this.batchesOf(request.endpoint);
    const files = this.filesOf(request.endpoint);
    const { query } = request;
    if (segment === undefined) {
      if (request.method === "POST") return this.create(request, host);
      const size = limitOf(query["page_size"], 100);
      const page = Number(query["page"] ?? 0);
      const all = batches.all();
      const data = all.slice(page * size, (page + 1) * size).map((batch) => objectOf(batch, files, false));
      return jsonReply({ object: "list", data, total: all.length });
    }
    const id = decodeURIComponent(segment);
    const batch = cancel === undefined ? batches.ask(id) : batches.cancel(id);
    return jsonReply(objectOf(batch, files, query["inline"] === "true"));
  }

  private create({ endpoint, body }: ServiceRequest, host: ServiceHost): ServiceReply {
    const given = asObject(tryParse(new TextDecoder().decode(body)));
    const path = asString(given?.["endpoint"]);
    if (given === undefined || path === undefined) throw refused(422, "endpoint: Field required");
    const inline = asArray(given["requests"]).filter(isObject);
    const input = asString(asArray(given["input_files"])[0]);
    if (inline.length > 0 === (input !== undefined))
      throw refused(422, "One of 'requests' and 'input_files' is required");
    const files = this.filesOf(endpoint);
    const text = input === undefined ? "" : new TextDecoder().decode(files.get(input).bytes);
    const rows = input === undefined ? inline : [...linesOf(text)].map(tryParse).filter(isObject);
    const batch = this.batchesOf(endpoint).create(
      {
        id: `00000000-0000-4000-8000-${String(host.nextId()).padStart(12, "0")}`,
        dialect: "mistral-chat",
        facts: { path, input, model: given["model"] ?? null, metadata: given["metadata"] ?? null },
        rows: () => rows.map((row) => rowOf(row, path, given["model"])),
      },
      rows.length,
    );
    return jsonReply(objectOf(batch, files, false));
  }
}

/** A row, with the model of its batch. */
function rowOf(row: JsonObject, path: string, model: unknown): SimulatedRow {
  const body = { ...(model === undefined ? {} : { model: model as string }), ...asObject(row["body"]) };
  return { key: asString(row["custom_id"]) ?? "", path, body: JSON.stringify(body) };
}

function objectOf(batch: SimulatedBatch, files: SimulatedFiles, inline: boolean): JsonObject {
  const { id, facts, plan, createdAt, endedAt, state, counts, results } = batch;
  const ended = endedAt === undefined ? null : Math.floor(endedAt / 1000);
  return {
    id,
    object: "batch",
    input_files: facts["input"] === undefined ? [] : [facts["input"] as string],
    metadata: facts["metadata"] as JsonObject | null,
    endpoint: facts["path"] as string,
    model: facts["model"] as string | null,
    agent_id: null,
    output_file: fileOf(batch, files, true),
    error_file: fileOf(batch, files, false),
    errors: state === "failed" ? [{ message: plan.invalid ?? "invalid", count: counts.total }] : [],
    outputs:
      inline && ended !== null ? results.map((row) => JSON.parse(lineOf(row, id)) as JsonObject) : null,
    status: WORDS[state],
    created_at: Math.floor(createdAt / 1000),
    total_requests: state === "pending" ? 0 : counts.total,
    completed_requests: counts.succeeded + counts.failed,
    succeeded_requests: counts.succeeded,
    failed_requests: counts.failed,
    started_at: batch.asked > 0 ? Math.floor(createdAt / 1000) : null,
    completed_at: ended,
  };
}

function fileOf(
  { id, endedAt, results }: SimulatedBatch,
  files: SimulatedFiles,
  succeeded: boolean,
): string | null {
  if (endedAt === undefined) return null;
  const rows = results.filter(
    ({ outcome }) =>
      (outcome === "succeeded") === succeeded && outcome !== "expired" && outcome !== "cancelled",
  );
  if (rows.length === 0) return null;
  const name = `${id}-${succeeded ? "output" : "errors"}`;
  files.addLines({ id: name, purpose: "batch" }, rows, (row) => lineOf(row, id));
  return name;
}

function lineOf({ key, outcome, status, body }: SimulatedBatch["results"][number], batch: string): string {
  const head = `{"id":"batch-${batch}","custom_id":${JSON.stringify(key)},`;
  return outcome === "succeeded"
    ? `${head}"response":{"status_code":${status},"body":${body}},"error":null}`
    : `${head}"response":{"status_code":${status},"body":${body === "" ? "null" : body}},"error":null}`;
}
