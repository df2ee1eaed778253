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
  type FilePage,
  type FileTarget,
  known,
  noFile,
  type PieceCodec,
  secondsOf,
  sizeOf,
  timeOf,
  type UploadFacts,
} from "./file-codec.js";

/** States of OpenAI (deprecated there) and of Azure OpenAI. `uploaded` is the last word of some servers: it says nothing. */
const STATES: Readonly<Record<string, StoredFileState>> = {
  processed: "ready",
  pending: "pending",
  running: "pending",
  error: "failed",
};

/**
 * A file as OpenAI and its speakers describe it; Mistral adds the media type.
 * https://platform.openai.com/docs/api-reference/files/object
 */
export function openaiFile(body: JsonObject, provider: string): StoredFile | undefined {
  const id = asString(body["id"]);
  if (id === undefined || id === "") return undefined;
  return known<StoredFile>({
    provider,
    id,
    uri: undefined,
    filename: asString(body["filename"]),
    size: sizeOf(body["bytes"]),
    mediaType: asString(body["mimetype"]),
    purpose: asString(body["purpose"]),
    state: entryOf(STATES, asString(body["status"]) ?? ""),
    createdAt: timeOf(body["created_at"]),
    expiresAt: timeOf(body["expires_at"]),
    downloadable: undefined,
  });
}

/** The path of one file. */
export function pathOfFile(id: string, { path }: FileTarget, rest = ""): string {
  return `${path}/${pathSegment(id, "The file")}${rest}`;
}

/** How lists are read: OpenAI's, xAI's (with a token), and those of servers that return all files in one reply. */
function pageOf(reply: HttpReply, query: Readonly<Record<string, string>>, provider: string): FilePage {
  const body = parseBody(reply.body);
  const files = filesOf(body["data"], provider);
  // https://docs.x.ai/developers/files/managing-files
  const token = asString(body["pagination_token"]);
  if (token !== undefined && token !== "" && files.length > 0)
    return { files, next: { ...query, pagination_token: token } };
  const last = asString(body["last_id"]) ?? files.at(-1)?.id;
  return body["has_more"] === true && last !== undefined && last !== query["after"]
    ? { files, next: { ...query, after: last } }
    : { files };
}

/** The files of a list; entries without an id are left out. */
export function filesOf(list: unknown, provider: string): StoredFile[] {
  return asArray(list).flatMap((entry) => (isObject(entry) ? (openaiFile(entry, provider) ?? []) : []));
}

/** The fields of an upload. They come before the file, as xAI requires. */
function fieldsOf(facts: UploadFacts, target: FileTarget): Record<string, string> {
  const purpose = facts.purpose ?? target.purpose;
  return {
    ...(purpose === undefined ? {} : { purpose }),
    ...(facts.expiresAfterMs === undefined
      ? {}
      : {
          "expires_after[anchor]": "created_at",
          "expires_after[seconds]": secondsOf(facts.expiresAfterMs),
        }),
  };
}

/** Files of OpenAI and its speakers. https://platform.openai.com/docs/api-reference/files */
export const codec: FileCodec = {
  form: { path: ({ path }) => path, fields: fieldsOf },
  file(reply, target) {
    const file = openaiFile(parseBody(reply.body), target.provider);
    if (file === undefined) throw noFile(reply, target);
    return file;
  },
  get: (id, target) => ({ method: "GET", path: pathOfFile(id, target), headers: {} }),
  list: ({ purpose, pageSize }, { path }) => ({
    method: "GET",
    path,
    headers: {},
    query: {
      ...(purpose === undefined ? {} : { purpose }),
      ...(pageSize === undefined ? {} : { limit: String(pageSize) }),
    },
  }),
  page: (reply, query, { provider }) => pageOf(reply, query, provider),
  content: (id, target) => ({ method: "GET", path: pathOfFile(id, target, "/content"), headers: {} }),
  delete: (id, target) => ({ method: "DELETE", path: pathOfFile(id, target), headers: {} }),
};

const UPLOAD_STATES: Readonly<Record<string, UploadSession["state"]>> = {
  pending: "pending",
  completed: "done",
  cancelled: "cancelled",
  expired: "expired",
};

/** An upload of OpenAI. https://platform.openai.com/docs/api-reference/uploads/object */
function sessionOf(
  reply: HttpReply,
  before: Omit<UploadSession, "id" | "state">,
  { redact }: FileTarget,
): UploadSession {
  const body = parseBody(reply.body);
  const id = asString(body["id"]);
  const state = entryOf(UPLOAD_STATES, asString(body["status"]) ?? "");
  if (id === undefined || state === undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `The file store of ${before.provider} answered without an upload`,
      body: redact(reply.body),
    });
  return known<UploadSession>({
    ...before,
    id,
    state,
    url: undefined,
    purpose: asString(body["purpose"]) ?? before.purpose,
    size: sizeOf(body["bytes"]) ?? before.size,
    parts: before.parts ?? [],
    expiresAt: timeOf(body["expires_at"]) ?? before.expiresAt,
  });
}

function post(path: string, body?: JsonObject): HttpRequest {
  return body === undefined
    ? { method: "POST", path, headers: {} }
    : { method: "POST", path, headers: JSON_BODY, body: wellFormedJson(body) };
}

function uploadPath({ id }: UploadSession, rest: string): string {
  return `/uploads/${pathSegment(id, "The upload")}${rest}`;
}

/** Uploads of up to 8 GB in parts of up to 64 MB. https://platform.openai.com/docs/api-reference/uploads */
const pieces: PieceCodec = {
  pieceBytes: 16 * 1024 * 1024,
  mostPieceBytes: 64 * 1024 * 1024,
  granularity: 1,
  maxBytes: 8 * 1024 ** 3,
  field: "data",
  lastCompletes: false,
  begin(facts, target) {
    if (facts.size === undefined)
      throw new AiLibError({
        code: "FILE_ERROR",
        message: `An upload in pieces to ${target.provider} needs the size of the file: pass \`size\``,
        local: true,
      });
    const { purpose = target.purpose, expiresAfterMs } = facts;
    return post("/uploads", {
      filename: facts.filename,
      purpose,
      bytes: facts.size,
      mime_type: facts.mediaType,
      ...(expiresAfterMs === undefined
        ? {}
        : { expires_after: { anchor: "created_at", seconds: Math.ceil(expiresAfterMs / 1000) } }),
    });
  },
  begun: (reply, { filename, mediaType, size, purpose }, target) =>
    sessionOf(
      reply,
      known<Omit<UploadSession, "id" | "state">>({
        provider: target.provider,
        filename,
        mediaType,
        size,
        purpose: purpose ?? target.purpose,
        offset: 0,
        url: undefined,
        parts: undefined,
        expiresAt: undefined,
      }),
      target,
    ),
  piece: (session) => post(uploadPath(session, "/parts")),
  sent(reply, session, bytes, target) {
    const part = asString(parseBody(reply.body)["id"]);
    if (part === undefined) throw noFile(reply, target);
    return { ...session, offset: session.offset + bytes, parts: [...(session.parts ?? []), part] };
  },
  complete: (session) => post(uploadPath(session, "/complete"), { part_ids: session.parts ?? [] }),
  completed(reply, target) {
    const stored = asObject(parseBody(reply.body)["file"]);
    const file = stored && openaiFile(stored, target.provider);
    if (file === undefined) throw noFile(reply, target);
    return file;
  },
  cancel: (session) => post(uploadPath(session, "/cancel")),
  cancelled: (reply, session, target) => sessionOf(reply, session, target),
};

/** Files of OpenAI itself, which also takes uploads in parts. */
export const withUploads: FileCodec = { ...codec, pieces };
