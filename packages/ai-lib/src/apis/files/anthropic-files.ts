import type { StoredFile } from "../../core/contract/file.js";
import type { HttpReply } from "../../core/contract/transport.js";
import { parseBody } from "../../core/errors/parse-body.js";
import { asArray, asString, isObject, type JsonObject } from "../../core/values/json.js";
import { FILES_BETA } from "../../dialects/anthropic-messages/shared/betas.js";
import {
  type FileCodec,
  type FilePage,
  known,
  noFile,
  notInStore,
  secondsOf,
  sizeOf,
  timeOf,
} from "./file-codec.js";
import { pathOfFile } from "./openai-files.js";

/** Needed with the version 2023-06-01 of the API, and accepted by later ones. */
const HEADERS = { "anthropic-beta": FILES_BETA };

function fileOf(body: JsonObject, provider: string): StoredFile | undefined {
  const id = asString(body["id"]);
  if (id === undefined) return undefined;
  const downloadable = body["downloadable"];
  return known<StoredFile>({
    provider,
    id,
    uri: undefined,
    filename: asString(body["filename"]),
    size: sizeOf(body["size_bytes"]),
    mediaType: asString(body["mime_type"]),
    purpose: undefined,
    state: undefined,
    createdAt: timeOf(body["created_at"]),
    expiresAt: timeOf(body["expires_at"]),
    downloadable: typeof downloadable === "boolean" ? downloadable : undefined,
  });
}

/** Version 2023-06-01 pages by ids, later ones by a token. */
function pageOf(reply: HttpReply, query: Readonly<Record<string, string>>, provider: string): FilePage {
  const body = parseBody(reply.body);
  const files = asArray(body["data"]).flatMap((entry) =>
    isObject(entry) ? (fileOf(entry, provider) ?? []) : [],
  );
  const page = asString(body["next_page"]);
  if (page !== undefined && page !== "") return { files, next: { ...query, page } };
  const last = asString(body["last_id"]);
  return body["has_more"] === true && last !== undefined && last !== query["after_id"]
    ? { files, next: { ...query, after_id: last } }
    : { files };
}

/** Files of Anthropic. https://platform.claude.com/docs/en/build-with-claude/files */
export const codec: FileCodec = {
  form: {
    path: ({ path }) => path,
    headers: HEADERS,
    fields({ purpose, expiresAfterMs }, target) {
      if (purpose !== undefined) throw notInStore("purposes", target);
      return expiresAfterMs === undefined ? {} : { expires_in_seconds: secondsOf(expiresAfterMs) };
    },
  },
  file(reply, target) {
    const file = fileOf(parseBody(reply.body), target.provider);
    if (file === undefined) throw noFile(reply, target);
    return file;
  },
  get: (id, target) => ({ method: "GET", path: pathOfFile(id, target), headers: HEADERS }),
  list({ purpose, pageSize }, target) {
    if (purpose !== undefined) throw notInStore("purposes", target);
    return {
      method: "GET",
      path: target.path,
      headers: HEADERS,
      query: pageSize === undefined ? {} : { limit: String(pageSize) },
    };
  },
  page: (reply, query, { provider }) => pageOf(reply, query, provider),
  content: (id, target) => ({ method: "GET", path: pathOfFile(id, target, "/content"), headers: HEADERS }),
  delete: (id, target) => ({ method: "DELETE", path: pathOfFile(id, target), headers: HEADERS }),
};
