import type { CallContext } from "../../core/contract/call.js";
import type { HttpReply, TransportRequest } from "../../core/contract/transport.js";
import type { FileUpload, UploadOptions } from "../../core/contract/upload.js";
import { AiLibError } from "../../core/errors/error.js";
import { parseBody } from "../../core/errors/parse-body.js";
import { asObject, asString } from "../../core/values/json.js";
import type { UploadedFile } from "../../core/values/message.js";
import { type FileBody, fileBody, multipartBody } from "../../wire/upload.js";
import type { ProviderData } from "./data.js";

type Store = NonNullable<ProviderData["files"]>;

/** What an upload needs from the provider. */
export interface StoreAccess {
  readonly provider: string;
  readonly store: Store;
  readonly context: CallContext;
  /** Sends a request below the base URL, or to an address of the same origin, with the provider's credentials. */
  send(request: Pick<TransportRequest, "url" | "method" | "headers" | "body">): Promise<HttpReply>;
}

/**
 * Uploads a file to a provider's store.
 * - OpenAI: https://platform.openai.com/docs/api-reference/files/create
 * - Anthropic: https://docs.anthropic.com/en/docs/build-with-claude/files
 * - Mistral: https://docs.mistral.ai/api/#tag/files
 * - Gemini: https://ai.google.dev/gemini-api/docs/files (the resumable protocol, in its two requests)
 * @throws {AiLibError} `FILE_ERROR` for a file that is too large, else as calls do.
 */
export async function storeFile(
  file: FileUpload,
  access: StoreAccess,
  options: Pick<UploadOptions, "onProgress">,
): Promise<UploadedFile> {
  const limits = { maxBytes: access.store.maxBytes, onProgress: options.onProgress };
  const { protocol, fields = {} } = access.store;
  return protocol === "resumable"
    ? viaResumable(file, access, limits)
    : viaMultipart(fields, file, access, limits);
}

type Limits = Parameters<typeof fileBody>[1];

async function viaMultipart(
  fields: Readonly<Record<string, string>>,
  file: FileUpload,
  access: StoreAccess,
  limits: Limits,
): Promise<UploadedFile> {
  const body = multipartBody(fields, "file", file, access.context.random, limits);
  const reply = parseBody((await post(access, access.store.path, body)).body);
  const id = asString(reply["id"]);
  if (id === undefined) throw noId(access.provider, reply);
  return { provider: access.provider, id };
}

async function viaResumable(file: FileUpload, access: StoreAccess, limits: Limits): Promise<UploadedFile> {
  const body = fileBody(file, limits);
  const size = body.headers["content-length"];
  const begun = await access.send({
    url: access.store.path,
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-goog-upload-protocol": "resumable",
      "x-goog-upload-command": "start",
      "x-goog-upload-header-content-type": file.mediaType,
      ...(size === undefined ? {} : { "x-goog-upload-header-content-length": size }),
    },
    body: JSON.stringify({ file: { display_name: file.filename } }),
  });
  const url = begun.headers["x-goog-upload-url"];
  if (url === undefined) throw noId(access.provider, "no x-goog-upload-url");
  const ended = await post(access, url, {
    ...body,
    headers: { ...body.headers, "x-goog-upload-offset": "0", "x-goog-upload-command": "upload, finalize" },
  });
  const stored = asObject(parseBody(ended.body)["file"]);
  const id = asString(stored?.["name"]);
  const uri = asString(stored?.["uri"]);
  if (id === undefined) throw noId(access.provider, ended.body);
  return { provider: access.provider, id, ...(uri === undefined ? {} : { uri }) };
}

function post(access: StoreAccess, url: string, { headers, body }: FileBody): Promise<HttpReply> {
  return access.send({ url, method: "POST", headers, body });
}

function noId(provider: string, reply: unknown): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The file store of ${provider} answered without the id of the file`,
    body: typeof reply === "string" ? reply : JSON.stringify(reply),
  });
}
