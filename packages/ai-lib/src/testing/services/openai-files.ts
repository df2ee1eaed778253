import { asNumber, asObject, asString, type JsonObject, tryParse } from "../../core/values/json.js";
import {
  jsonReply,
  refused,
  type ServiceHead,
  type ServiceHost,
  type ServiceReply,
  type ServiceRequest,
  type SimulatedService,
} from "./service.js";
import { limitOf, pageAfter, type SimulatedFile, type SimulatedFiles } from "./simulated-files.js";
import { uploadForm } from "./upload-form.js";

/** https://platform.openai.com/docs/api-reference/files/create */
const PURPOSES = ["fine-tune", "assistants", "batch", "user_data", "vision", "evals"];

/** Files of these are not given back. */
const NOT_DOWNLOADABLE = new Set(["assistants", "user_data"]);

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** `/v1/files/...` and `/v1/uploads/...`, the version optional. */
const PATH =
  /^(?:\/openai)?(?:\/v\d+)?\/(files|uploads)(?:\/([^/]+))?(?:\/(content|parts|complete|cancel))?$/;

interface Upload {
  readonly id: string;
  readonly facts: Pick<SimulatedFile, "filename" | "mediaType" | "purpose">;
  readonly bytes: number;
  readonly createdAt: number;
  readonly expiresAfterMs: number | undefined;
  readonly parts: Map<string, Uint8Array>;
  status: "pending" | "completed" | "cancelled";
  file?: SimulatedFile;
}

/** A file as OpenAI describes it. */
export function openaiFileObject({
  id,
  filename,
  purpose,
  bytes,
  createdAt,
  expiresAt,
}: SimulatedFile): JsonObject {
  return {
    object: "file",
    id,
    purpose,
    filename,
    bytes: bytes.length,
    created_at: seconds(createdAt),
    expires_at: expiresAt === undefined ? null : seconds(expiresAt),
    status: "processed",
    status_details: null,
  };
}

/** Epoch seconds. */
function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Files and uploads in parts, as OpenAI and its speakers serve them. */
export class OpenAiFiles implements SimulatedService {
  private readonly uploads = new Map<string, Upload>();

  constructor(private readonly filesOf: (endpoint: string) => SimulatedFiles) {}

  serves({ path }: ServiceHead): "openai-chat" | undefined {
    return PATH.test(path) ? "openai-chat" : undefined;
  }

  answer(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const [, collection, id, action] = PATH.exec(request.path) ?? [];
    const files = this.filesOf(request.endpoint);
    const key = id === undefined ? undefined : decodeURIComponent(id);
    return collection === "uploads"
      ? this.uploadsOf(request, key, action, files, host)
      : this.files(request, key, action, files, host);
  }

  private files(
    request: ServiceRequest,
    id: string | undefined,
    action: string | undefined,
    files: SimulatedFiles,
    host: ServiceHost,
  ): ServiceReply {
    const { method, query } = request;
    if (id === undefined) {
      if (method === "POST") return this.create(request, files, host);
      return list(files, query);
    }
    if (method === "DELETE") {
      files.delete(id);
      return jsonReply({ object: "file", deleted: true, id });
    }
    const file = files.get(id);
    if (action === undefined) return jsonReply(openaiFileObject(file));
    if (action !== "content") throw refused(404, `Invalid URL (${method} ${request.path})`);
    if (NOT_DOWNLOADABLE.has(file.purpose))
      throw refused(400, `Not allowed to download files of purpose: ${file.purpose}`);
    return { status: 200, headers: { "content-type": "application/octet-stream" }, body: file.bytes };
  }

  private create(request: ServiceRequest, files: SimulatedFiles, host: ServiceHost): ServiceReply {
    const form = uploadForm(request);
    const purpose = checkPurpose(form.field("purpose"));
    const expiry = form.field("expires_after[seconds]");
    const { filename, mediaType, bytes } = form;
    const id = `file-sim${host.nextId()}`;
    const expiresAfterMs = lifetime(expiry === undefined ? undefined : Number(expiry), purpose);
    return jsonReply(
      openaiFileObject(files.add({ id, filename, mediaType, bytes, purpose, expiresAfterMs })),
    );
  }

  private uploadsOf(
    request: ServiceRequest,
    id: string | undefined,
    action: string | undefined,
    files: SimulatedFiles,
    host: ServiceHost,
  ): ServiceReply {
    if (request.method !== "POST") throw refused(404, `Invalid URL (${request.method} ${request.path})`);
    if (id === undefined) return this.begin(request, host);
    const upload = this.uploads.get(`${request.endpoint}/${id}`);
    if (upload === undefined) throw refused(404, `No such Upload: ${id}`);
    if (upload.status !== "pending") throw refused(400, `The upload is already ${upload.status}`);
    if (action === "parts") {
      const part = `part_sim${host.nextId()}`;
      upload.parts.set(part, uploadForm(request, "data").bytes);
      return jsonReply({
        id: part,
        object: "upload.part",
        created_at: seconds(host.clock.now()),
        upload_id: id,
      });
    }
    if (action === "cancel") upload.status = "cancelled";
    else complete(upload, bodyOf(request), files, host);
    return jsonReply(uploadObject(upload));
  }

  private begin(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const body = bodyOf(request);
    const purpose = checkPurpose(asString(body["purpose"]));
    const filename = asString(body["filename"]);
    const mediaType = asString(body["mime_type"]);
    const bytes = asNumber(body["bytes"]);
    if (filename === undefined || mediaType === undefined || bytes === undefined)
      throw refused(400, "'filename', 'bytes' and 'mime_type' are required properties");
    const upload: Upload = {
      id: `upload_sim${host.nextId()}`,
      facts: { filename, mediaType, purpose },
      bytes,
      createdAt: host.clock.now(),
      expiresAfterMs: lifetime(asNumber(asObject(body["expires_after"])?.["seconds"]), purpose),
      parts: new Map(),
      status: "pending",
    };
    this.uploads.set(`${request.endpoint}/${upload.id}`, upload);
    return jsonReply(uploadObject(upload));
  }
}

function list(files: SimulatedFiles, query: Readonly<Record<string, string>>): ServiceReply {
  const { purpose, after, limit, order } = query;
  const inOrder = order === "asc" ? files.all() : files.all().toReversed();
  const wanted = inOrder.filter((file) => purpose === undefined || file.purpose === purpose);
  const { page, more } = pageAfter(wanted, after, limitOf(limit, 10_000));
  return jsonReply({
    object: "list",
    data: page.map(openaiFileObject),
    has_more: more,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  });
}

function checkPurpose(purpose: string | undefined): string {
  if (purpose === undefined) throw refused(400, "'purpose' is a required property");
  if (!PURPOSES.includes(purpose))
    throw refused(
      400,
      `'${purpose}' is not one of [${PURPOSES.map((one) => `'${one}'`).join(", ")}] - 'purpose'`,
    );
  return purpose;
}

/** Files of batches stay for 30 days, others until they are deleted. */
function lifetime(inSeconds: number | undefined, purpose: string): number | undefined {
  if (inSeconds === undefined) return purpose === "batch" ? 30 * DAY_MS : undefined;
  const ms = inSeconds * 1000;
  if (!(ms >= HOUR_MS && ms <= 30 * DAY_MS))
    throw refused(400, "'expires_after' must be from 1 hour to 30 days");
  return ms;
}

function complete(upload: Upload, body: JsonObject, files: SimulatedFiles, host: ServiceHost): void {
  const ids = Array.isArray(body["part_ids"]) ? body["part_ids"] : [];
  const parts = ids.map((id) => upload.parts.get(String(id)));
  const whole: Uint8Array[] = [];
  for (const part of parts) {
    if (part === undefined) throw refused(400, "A part is not of this upload");
    whole.push(part);
  }
  const bytes = new Uint8Array(Buffer.concat(whole));
  if (bytes.length !== upload.bytes)
    throw refused(400, `The parts have ${bytes.length} bytes, the upload ${upload.bytes}`);
  upload.status = "completed";
  upload.file = files.add({
    id: `file-sim${host.nextId()}`,
    bytes,
    expiresAfterMs: upload.expiresAfterMs,
    ...upload.facts,
  });
}

function uploadObject({ id, facts, bytes, createdAt, status, file }: Upload): JsonObject {
  return {
    id,
    object: "upload",
    bytes,
    created_at: seconds(createdAt),
    expires_at: seconds(createdAt + HOUR_MS),
    filename: facts.filename,
    purpose: facts.purpose,
    status,
    ...(file === undefined ? {} : { file: openaiFileObject(file) }),
  };
}

/** @throws {AiLibError} with status 400 for a body that is no JSON object. */
function bodyOf({ body }: ServiceRequest): JsonObject {
  const parsed = asObject(tryParse(new TextDecoder().decode(body)));
  if (parsed === undefined) throw refused(400, "We could not parse the JSON body of your request");
  return parsed;
}
