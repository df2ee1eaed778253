import { asObject, asString, isObject, type JsonObject, tryParse } from "../../core/values/json.js";
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

const PATH = /^(?:\/openai)?\/v1\/batches(?:\/([^/]+))?(\/cancel)?$/;

/** The words of the API for the states. */
const WORDS = {
  pending: "validating",
  running: "in_progress",
  cancelling: "cancelling",
  done: "completed",
  failed: "failed",
  expired: "expired",
  cancelled: "cancelled",
} as const satisfies Record<SimulatedBatch["state"], string>;

const DAY_SECONDS = 86_400;

/** Batches as OpenAI and its speakers serve them. https://platform.openai.com/docs/api-reference/batch */
export class OpenAiBatches implements SimulatedService {
  constructor(
    private readonly batchesOf: (endpoint: string) => SimulatedBatches,
    private readonly filesOf: (endpoint: string) => SimulatedFiles,
  ) {}

  serves({ path }: ServiceHead): "openai-chat" | undefined {
    return PATH.test(path) ? "openai-chat" : undefined;
  }

  answer(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const [, segment, cancel] = PATH.exec(request.path) ?? [];
    const batches = this.batchesOf(request.endpoint);
    const files = this.filesOf(request.endpoint);
    if (segment === undefined)
      return request.method === "POST" ? this.create(request, host) : list(batches, files, request.query);
    const id = decodeURIComponent(segment);
    return jsonReply(objectOf(cancel === undefined ? batches.ask(id) : batches.cancel(id), files));
  }

  private create({ endpoint, body }: ServiceRequest, host: ServiceHost): ServiceReply {
    const given = asObject(tryParse(new TextDecoder().decode(body)));
    const input = asString(given?.["input_file_id"]);
    const path = asString(given?.["endpoint"]);
    if (given === undefined || input === undefined || path === undefined)
      throw refused(400, "'input_file_id', 'endpoint' and 'completion_window' are required properties");
    const files = this.filesOf(endpoint);
    const file = files.get(input);
    const text = (): string => new TextDecoder().decode(files.get(input).bytes);
    let total = 0;
    for (const byte of file.bytes) if (byte === 0x0a) total++;
    if (file.bytes.at(-1) !== 0x0a) total++;
    const batch = this.batchesOf(endpoint).create(
      {
        id: `batch_sim${host.nextId()}`,
        dialect: "openai-chat",
        facts: { input, path, window: given["completion_window"], metadata: given["metadata"] ?? null },
        rows: () => rowsOf(text()),
      },
      total,
    );
    return jsonReply(objectOf(batch, files));
  }
}

function* rowsOf(text: string): Generator<SimulatedRow> {
  for (const line of linesOf(text)) {
    const row = asObject(tryParse(line));
    yield {
      key: asString(row?.["custom_id"]) ?? "",
      path: asString(row?.["url"]) ?? "",
      body: JSON.stringify(row?.["body"] ?? null),
    };
  }
}

function list(
  batches: SimulatedBatches,
  files: SimulatedFiles,
  { after, limit }: Readonly<Record<string, string>>,
): ServiceReply {
  const all = batches.all();
  const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const size = limitOf(limit, 20);
  const page = all.slice(from, from + size);
  return jsonReply({
    object: "list",
    data: page.map((batch) => objectOf(batch, files)),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: from + size < all.length,
  });
}

/** A batch, whose output and error files are made when it is first shown as ended. */
function objectOf(batch: SimulatedBatch, files: SimulatedFiles): JsonObject {
  const { id, facts, plan, createdAt, endedAt, state, counts } = batch;
  const created = Math.floor(createdAt / 1000);
  const ended = endedAt === undefined ? null : Math.floor(endedAt / 1000);
  const [output, errors] = [fileOf(batch, files, true), fileOf(batch, files, false)];
  const isInvalid = state === "failed";
  return {
    id,
    object: "batch",
    endpoint: facts["path"] as string,
    model: null,
    errors: isInvalid
      ? {
          object: "list",
          data: [{ code: "invalid_json_line", line: 1, message: plan.invalid ?? "invalid", param: null }],
        }
      : null,
    input_file_id: facts["input"] as string,
    completion_window: facts["window"] as string,
    status: WORDS[state],
    output_file_id: output,
    error_file_id: errors,
    created_at: created,
    in_progress_at: batch.asked > 0 ? created : null,
    expires_at: created + DAY_SECONDS,
    finalizing_at: ended,
    completed_at: state === "done" ? ended : null,
    failed_at: isInvalid ? ended : null,
    expired_at: state === "expired" ? ended : null,
    cancelling_at: state === "cancelling" || state === "cancelled" ? created : null,
    cancelled_at: state === "cancelled" ? ended : null,
    request_counts:
      state === "pending"
        ? { total: 0, completed: 0, failed: 0 }
        : {
            total: counts.total,
            completed: counts.succeeded,
            failed: counts.failed + counts.expired + counts.cancelled,
          },
    metadata: isObject(facts["metadata"]) ? facts["metadata"] : null,
  };
}

/** The id of the file with the rows that succeeded or did not; null if there are none. */
function fileOf(
  { id, endedAt, results }: SimulatedBatch,
  files: SimulatedFiles,
  succeeded: boolean,
): string | null {
  if (endedAt === undefined) return null;
  const rows = results.filter(({ outcome }) => (outcome === "succeeded") === succeeded);
  if (rows.length === 0) return null;
  const name = `file-${id}-${succeeded ? "output" : "errors"}`;
  files.addLines({ id: name, purpose: "batch_output" }, rows, (row) => lineOf(row, id));
  return name;
}

function lineOf({ key, outcome, status, body }: SimulatedBatch["results"][number], batch: string): string {
  const head = `{"id":"batch_req_${batch}","custom_id":${JSON.stringify(key)},`;
  if (outcome === "expired" || outcome === "cancelled") {
    const message = `This request could not be executed before the batch ${outcome === "expired" ? "expired" : "was cancelled"}.`;
    return `${head}"response":null,"error":{"code":"batch_${outcome}","message":"${message}"}}`;
  }
  return `${head}"response":{"status_code":${status},"request_id":"req_sim","body":${body}},"error":null}`;
}
