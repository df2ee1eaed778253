import type { StoredFile, StoredFileState } from "../../core/contract/file.js";
import { pathSegment } from "../../core/contract/places.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import type { UploadSession } from "../../core/contract/upload.js";
import { AiLibError } from "../../core/errors/error.js";
import { parseBody } from "../../core/errors/parse-body.js";
import { asArray, asObject, asString, entryOf, isObject, type JsonObject } from "../../core/values/json.js";
import { JSON_BODY } from "../../dialects/shared/common/headers.js";
import { wellFormedJson } from "../../dialects/shared/common/well-formed.js";
import {
  type FileCodec,
  type FileTarget,
  known,
  noFile,
  notInStore,
  type PieceCodec,
  sizeOf,
  timeOf,
} from "./file-codec.js";

const STATES: Readonly<Record<string, StoredFileState>> = {
  ACTIVE: "ready",
  PROCESSING: "pending",
  FAILED: "failed",
};

/** https://ai.google.dev/api/files#File */
function fileOf(body: JsonObject | undefined, provider: string): StoredFile | undefined {
  const id = asString(body?.["name"]);
  if (body === undefined || id === undefined) return undefined;
  return known<StoredFile>({
    provider,
    id,
    uri: asString(body["uri"]),
    filename: asString(body["displayName"]),
    size: sizeOf(body["sizeBytes"]),
    mediaType: asString(body["mimeType"]),
    purpose: undefined,
    state: entryOf(STATES, asString(body["state"]) ?? ""),
    createdAt: timeOf(body["createTime"]),
    expiresAt: timeOf(body["expirationTime"]),
    // Only files that the vendor made are given back: outputs of batches, videos.
    downloadable: asString(body["source"]) === "UPLOADED" ? false : undefined,
  });
}

/** The id of a file without the `files/` that it begins with. */
function segmentOf(id: string): string {
  return pathSegment(id.startsWith("files/") ? id.slice("files/".length) : id, "The file");
}

function addressOf({ url }: UploadSession): Pick<HttpRequest, "path" | "url"> {
  if (url === undefined)
    throw new AiLibError({
      code: "CONFIG_ERROR",
      message: "The session of the upload has no `url`: pass what `onSession` received",
      local: true,
    });
  return { path: "", url };
}

function command(session: UploadSession, headers: Readonly<Record<string, string>>): HttpRequest {
  return { method: "POST", ...addressOf(session), headers };
}

/** The last word of the protocol; an upload that is over has no further state. */
const SESSION_STATES: Readonly<Record<string, UploadSession["state"]>> = {
  active: "pending",
  final: "done",
  cancelled: "cancelled",
};

/** Google's resumable protocol. https://ai.google.dev/gemini-api/docs/files */
const pieces: PieceCodec = {
  pieceBytes: 8 * 1024 * 1024,
  mostPieceBytes: Number.POSITIVE_INFINITY,
  // The protocol's own size. The reply that has the address names it in x-goog-upload-chunk-granularity.
  granularity: 256 * 1024,
  lastCompletes: true,
  begin({ filename, mediaType, size, purpose, expiresAfterMs }, target) {
    if (purpose !== undefined) throw notInStore("purposes", target);
    if (expiresAfterMs !== undefined) throw notInStore("choice of expiry: files stay for 48 hours", target);
    return {
      method: "POST",
      path: `/../upload/v1beta${target.path}`,
      headers: {
        ...JSON_BODY,
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "x-goog-upload-header-content-type": mediaType,
        ...(size === undefined ? {} : { "x-goog-upload-header-content-length": String(size) }),
      },
      body: wellFormedJson({ file: { display_name: filename } }),
    };
  },
  begun({ headers }, { filename, mediaType, size }, target) {
    const url = headers["x-goog-upload-url"];
    if (url === undefined)
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: `The file store of ${target.provider} answered without the address of the upload`,
      });
    return known<UploadSession>({
      provider: target.provider,
      id: "",
      url,
      state: "pending",
      filename,
      mediaType,
      size,
      offset: 0,
      purpose: undefined,
      parts: undefined,
      expiresAt: undefined,
    });
  },
  piece: (session, last) =>
    command(session, {
      "content-type": session.mediaType,
      "x-goog-upload-offset": String(session.offset),
      "x-goog-upload-command": last ? "upload, finalize" : "upload",
    }),
  sent: (_reply, session, bytes) => ({ ...session, offset: session.offset + bytes }),
  query: (session) => command(session, { "x-goog-upload-command": "query" }),
  queried({ headers }, session, target) {
    const state = entryOf(SESSION_STATES, headers["x-goog-upload-status"] ?? "");
    const offset = sizeOf(headers["x-goog-upload-size-received"]);
    if (state === "pending" && offset !== undefined) return { ...session, offset };
    if (state === undefined || state === "pending")
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: `The file store of ${target.provider} did not say how much of the file it has`,
      });
    return { ...session, state };
  },
  completed(reply, target) {
    const file = fileOf(asObject(parseBody(reply.body)["file"]), target.provider);
    if (file === undefined) throw noFile(reply, target);
    return file;
  },
  cancel: (session) => command(session, { "x-goog-upload-command": "cancel" }),
  cancelled: (_reply, session) => ({ ...session, state: "cancelled" }),
};

function list(
  { purpose, pageSize }: { readonly purpose?: string | undefined; readonly pageSize?: number | undefined },
  target: FileTarget,
): HttpRequest {
  if (purpose !== undefined) throw notInStore("purposes", target);
  const query = pageSize === undefined ? {} : { pageSize: String(pageSize) };
  return { method: "GET", path: target.path, headers: {}, query };
}

/** Files of Gemini, which stay for 48 hours. https://ai.google.dev/api/files */
export const codec: FileCodec = {
  pieces,
  // https://ai.google.dev/gemini-api/docs/files: a file is used once its state is ACTIVE.
  processes: true,
  file(reply: HttpReply, target) {
    const file = fileOf(parseBody(reply.body), target.provider);
    if (file === undefined) throw noFile(reply, target);
    return file;
  },
  get: (id, { path }) => ({ method: "GET", path: `${path}/${segmentOf(id)}`, headers: {} }),
  list,
  page(reply, query, { provider }) {
    const body = parseBody(reply.body);
    const files = asArray(body["files"]).flatMap((entry) =>
      isObject(entry) ? (fileOf(entry, provider) ?? []) : [],
    );
    const token = asString(body["nextPageToken"]);
    return token === undefined || token === "" || token === query["pageToken"]
      ? { files }
      : { files, next: { ...query, pageToken: token } };
  },
  // https://ai.google.dev/gemini-api/docs/batch-api: results are files, which the vendor gives back.
  content: (id, { path }) => ({
    method: "GET",
    path: `/../download/v1beta${path}/${segmentOf(id)}:download`,
    query: { alt: "media" },
    headers: {},
  }),
  delete: (id, { path }) => ({ method: "DELETE", path: `${path}/${segmentOf(id)}`, headers: {} }),
};
