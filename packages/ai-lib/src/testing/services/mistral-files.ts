import type { JsonObject } from "../../core/values/json.js";
import {
  jsonReply,
  type ServiceHead,
  type ServiceHost,
  type ServiceReply,
  type ServiceRequest,
  type SimulatedService,
} from "./service.js";
import { limitOf, type SimulatedFile, type SimulatedFiles } from "./simulated-files.js";
import { uploadForm } from "./upload-form.js";

const PATH = /^\/v1\/files(?:\/([^/]+))?(?:\/(content|url))?$/;

/** What the vendor calls a sample, by purpose. */
const SAMPLES: Readonly<Record<string, string>> = {
  ocr: "ocr_input",
  batch: "batch_request",
  "fine-tune": "instruct",
};

function fileObject({
  id,
  filename,
  mediaType,
  purpose,
  bytes,
  createdAt,
  expiresAt,
  made,
}: SimulatedFile): JsonObject {
  return {
    id,
    object: "file",
    bytes: bytes.length,
    created_at: Math.floor(createdAt / 1000),
    filename,
    purpose,
    sample_type: made ? "batch_result" : (SAMPLES[purpose] ?? "instruct"),
    num_lines: bytes.filter((byte) => byte === 10).length,
    mimetype: mediaType,
    source: made ? "mistral" : "upload",
    signature: null,
    expires_at: expiresAt === undefined ? null : Math.floor(expiresAt / 1000),
    visibility: "workspace",
  };
}

/** Files as Mistral serves them, at a base URL that names its dialect. https://docs.mistral.ai/api/endpoint/files */
export class MistralFiles implements SimulatedService {
  constructor(private readonly filesOf: (endpoint: string) => SimulatedFiles) {}

  serves({ path, dialect }: ServiceHead): "mistral-chat" | undefined {
    return dialect === "mistral-chat" && PATH.test(path) ? "mistral-chat" : undefined;
  }

  answer(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const [, segment, action] = PATH.exec(request.path) ?? [];
    const files = this.filesOf(request.endpoint);
    if (segment === undefined)
      return request.method === "POST" ? create(request, files, host) : list(files, request.query);
    const id = decodeURIComponent(segment);
    if (request.method === "DELETE") {
      files.delete(id);
      return jsonReply({ id, object: "file", deleted: true });
    }
    const file = files.get(id);
    if (action === "url") return jsonReply({ url: `${host.baseUrl}/v1/files/${segment}/content` });
    if (action === undefined) return jsonReply({ ...fileObject(file), deleted: false });
    return { status: 200, headers: { "content-type": "application/octet-stream" }, body: file.bytes };
  }
}

function create(request: ServiceRequest, files: SimulatedFiles, host: ServiceHost): ServiceReply {
  const form = uploadForm(request);
  const { filename, mediaType, bytes } = form;
  // The vendor documents no unit; here they are hours.
  const hours = form.field("expiry");
  const expiresAfterMs = hours === undefined ? undefined : Number(hours) * 3_600_000;
  const purpose = form.field("purpose") ?? "fine-tune";
  const id = `00000000-0000-4000-8000-${String(host.nextId()).padStart(12, "0")}`;
  return jsonReply(fileObject(files.add({ id, filename, mediaType, bytes, purpose, expiresAfterMs })));
}

function list(
  files: SimulatedFiles,
  { page = "0", page_size, purpose }: Readonly<Record<string, string>>,
): ServiceReply {
  const size = limitOf(page_size, 100);
  const wanted = files
    .all()
    .toReversed()
    .filter((file) => purpose === undefined || file.purpose === purpose);
  const from = Number(page) * size;
  const data = wanted.slice(from, from + size).map(fileObject);
  return jsonReply({ data, object: "list", total: wanted.length });
}
