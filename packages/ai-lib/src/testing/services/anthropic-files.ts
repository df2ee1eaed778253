import type { JsonObject } from "../../core/values/json.js";
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

const PATH = /^\/v1\/files(?:\/([^/]+))?(\/content)?$/;

function fileObject({
  id,
  filename,
  mediaType,
  bytes,
  createdAt,
  expiresAt,
  made,
}: SimulatedFile): JsonObject {
  return {
    type: "file",
    id,
    filename,
    mime_type: mediaType,
    size_bytes: bytes.length,
    created_at: new Date(createdAt).toISOString(),
    expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
    downloadable: made,
  };
}

/** Files as Anthropic serves them. https://platform.claude.com/docs/en/build-with-claude/files */
export class AnthropicFiles implements SimulatedService {
  constructor(private readonly filesOf: (endpoint: string) => SimulatedFiles) {}

  serves({ path, headers, dialect }: ServiceHead): "anthropic-messages" | undefined {
    const isClaude = dialect === "anthropic-messages" || headers["anthropic-version"] !== undefined;
    return isClaude && PATH.test(path) ? "anthropic-messages" : undefined;
  }

  answer(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const [, segment, content] = PATH.exec(request.path) ?? [];
    const files = this.filesOf(request.endpoint);
    if (segment === undefined)
      return request.method === "POST" ? create(request, files, host) : list(files, request.query);
    const id = decodeURIComponent(segment);
    if (request.method === "DELETE") {
      files.delete(id);
      return jsonReply({ id, type: "file_deleted" });
    }
    const file = files.get(id);
    if (content === undefined) return jsonReply(fileObject(file));
    if (!file.made) throw refused(400, `File '${id}' is not downloadable`);
    return { status: 200, headers: { "content-type": file.mediaType }, body: file.bytes };
  }
}

function create(request: ServiceRequest, files: SimulatedFiles, host: ServiceHost): ServiceReply {
  const form = uploadForm(request);
  const { filename, mediaType, bytes } = form;
  const expiry = form.field("expires_in_seconds");
  const expiresAfterMs = expiry === undefined ? undefined : Number(expiry) * 1000;
  const id = `file_sim${host.nextId()}`;
  return jsonReply(fileObject(files.add({ id, filename, mediaType, bytes, expiresAfterMs })));
}

/** Pages continue by a token, and by ids as in the version 2023-06-01. */
function list(files: SimulatedFiles, query: Readonly<Record<string, string>>): ServiceReply {
  const after = query["page"] ?? query["after_id"];
  const { page, more } = pageAfter(files.all().toReversed(), after, limitOf(query["limit"], 20));
  const last = page.at(-1)?.id ?? null;
  return jsonReply({
    data: page.map(fileObject),
    has_more: more,
    first_id: page[0]?.id ?? null,
    last_id: last,
    next_page: more ? last : null,
  });
}
