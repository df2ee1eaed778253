import { asObject, asString, type JsonObject, tryParse } from "../../core/values/json.js";
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

const PATH = /^(\/upload|\/download)?\/v1(?:beta|alpha)?\/files(?:\/([^/:]+)(:download)?)?$/;

/** Files stay for two days. https://ai.google.dev/gemini-api/docs/files */
const LIFETIME_MS = 48 * 3_600_000;

/** The multiple of bytes that every piece but the last has. */
const GRANULARITY = 256 * 1024;

interface Upload {
  readonly filename: string;
  readonly mediaType: string;
  readonly pieces: Uint8Array[];
  received: number;
  state: "active" | "final" | "cancelled";
}

function fileObject(file: SimulatedFile, host: ServiceHost): JsonObject {
  const { id, filename, mediaType, bytes, createdAt, expiresAt, made } = file;
  return {
    name: id,
    displayName: filename,
    mimeType: mediaType,
    sizeBytes: String(bytes.length),
    createTime: new Date(createdAt).toISOString(),
    updateTime: new Date(createdAt).toISOString(),
    ...(expiresAt === undefined ? {} : { expirationTime: new Date(expiresAt).toISOString() }),
    uri: `${host.baseUrl}/v1beta/${id}`,
    state: file.pending > 0 ? "PROCESSING" : "ACTIVE",
    source: made ? "GENERATED" : "UPLOADED",
  };
}

/** Files as Gemini serves them, uploaded by the resumable protocol. */
export class GeminiFiles implements SimulatedService {
  private readonly uploads = new Map<string, Upload>();

  constructor(private readonly filesOf: (endpoint: string) => SimulatedFiles) {}

  serves({ path, headers, query, dialect }: ServiceHead): "gemini" | undefined {
    const [found, kind] = PATH.exec(path) ?? [];
    const isGoogle =
      dialect === "gemini" || headers["x-goog-api-key"] !== undefined || query["key"] !== undefined;
    return found !== undefined && (kind !== undefined || path.startsWith("/v1beta") || isGoogle)
      ? "gemini"
      : undefined;
  }

  answer(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const [, kind, segment, download] = PATH.exec(request.path) ?? [];
    const files = this.filesOf(request.endpoint);
    if (kind === "/upload") return this.upload(request, files, host);
    if (segment === undefined) return list(files, request.query, host);
    const id = `files/${decodeURIComponent(segment)}`;
    if (request.method === "DELETE") {
      files.delete(id);
      return jsonReply({});
    }
    const file = files.get(id);
    if (download === undefined && request.query["alt"] !== "media") {
      const told = fileObject(file, host);
      file.pending = Math.max(0, file.pending - 1);
      return jsonReply(told);
    }
    if (!file.made) throw refused(400, "Only files that were generated can be downloaded");
    return { status: 200, headers: { "content-type": file.mediaType }, body: file.bytes };
  }

  private upload(request: ServiceRequest, files: SimulatedFiles, host: ServiceHost): ServiceReply {
    const command = request.headers["x-goog-upload-command"] ?? "";
    if (command === "start") return this.start(request, host);
    const upload = this.uploads.get(request.query["upload_id"] ?? "");
    if (upload === undefined) throw refused(404, "The upload does not exist");
    const status = (): Record<string, string> => ({
      "x-goog-upload-status": upload.state,
      "x-goog-upload-size-received": String(upload.received),
    });
    if (command === "query") return { status: 200, headers: status(), body: "" };
    if (upload.state !== "active") throw refused(400, `The upload is ${upload.state}`);
    if (command === "cancel") {
      upload.state = "cancelled";
      return { status: 200, headers: status(), body: "" };
    }
    if (command.includes("upload")) receive(upload, request, command.includes("finalize"));
    if (!command.includes("finalize")) return { status: 200, headers: status(), body: "" };
    upload.state = "final";
    const { filename, mediaType, pieces } = upload;
    const bytes = new Uint8Array(Buffer.concat(pieces));
    pieces.length = 0;
    const id = `files/sim${host.nextId()}`;
    const file = files.add({ id, filename, mediaType, bytes, expiresAfterMs: LIFETIME_MS });
    return jsonReply({ file: fileObject(file, host) }, 200, status());
  }

  private start({ headers, body, path }: ServiceRequest, host: ServiceHost): ServiceReply {
    const id = `sim${host.nextId()}`;
    const facts = asObject(asObject(tryParse(new TextDecoder().decode(body)))?.["file"]);
    this.uploads.set(id, {
      filename: asString(facts?.["displayName"]) ?? asString(facts?.["display_name"]) ?? "",
      mediaType:
        headers["x-goog-upload-header-content-type"] ??
        asString(facts?.["mimeType"]) ??
        "application/octet-stream",
      pieces: [],
      received: 0,
      state: "active",
    });
    const address = `${host.baseUrl}${path}?upload_id=${id}&upload_protocol=resumable`;
    return {
      status: 200,
      headers: {
        "x-goog-upload-status": "active",
        "x-goog-upload-url": address,
        "x-goog-upload-chunk-granularity": String(GRANULARITY),
      },
      body: "",
    };
  }
}

/** @throws {AiLibError} with status 400 for a piece that does not follow what is there, or has a wrong length. */
function receive(upload: Upload, { headers, body }: ServiceRequest, last: boolean): void {
  const offset = Number(headers["x-goog-upload-offset"]);
  if (offset !== upload.received)
    throw refused(400, `The offset is ${offset}; ${upload.received} bytes are there`);
  if (!last && body.length % GRANULARITY !== 0)
    throw refused(400, `Every piece but the last has a multiple of ${GRANULARITY} bytes`);
  upload.pieces.push(body);
  upload.received += body.length;
}

function list(
  files: SimulatedFiles,
  query: Readonly<Record<string, string>>,
  host: ServiceHost,
): ServiceReply {
  const { page, more } = pageAfter(
    files.all().toReversed(),
    query["pageToken"],
    limitOf(query["pageSize"], 10),
  );
  return jsonReply({
    ...(page.length === 0 ? {} : { files: page.map((file) => fileObject(file, host)) }),
    ...(more ? { nextPageToken: page.at(-1)?.id } : {}),
  });
}
