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
  /**
   * Sends a request below the base URL, or to an address of the same origin, with the provider's credentials, and decodes
   * its reply. Errors hold no secret of the request; those of `decode` cut no text but by `redact`.
   */
  send<T>(
    request: Pick<TransportRequest, "url" | "method" | "headers" | "body">,
    decode: (reply: HttpReply, redact: (text: string) => string) => T,
  ): Promise<T>;
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
  return post(access, access.store.path, body, (reply, redact) => {
    const id = asString(parseBody(reply.body)["id"]);
    if (id === undefined) throw noId(access.provider, redact(reply.body));
    return { provider: access.provider, id };
  });
}

async function viaResumable(file: FileUpload, access: StoreAccess, limits: Limits): Promise<UploadedFile> {
  const body = fileBody(file, limits);
  const size = body.headers["content-length"];
  const begun = {
    url: access.store.path,
    method: "POST" as const,
    headers: {
      "content-type": "application/json",
      "x-goog-upload-protocol": "resumable",
      "x-goog-upload-command": "start",
      "x-goog-upload-header-content-type": file.mediaType,
      ...(size === undefined ? {} : { "x-goog-upload-header-content-length": size }),
    },
    body: JSON.stringify({ file: { display_name: file.filename } }),
  };
  const url = await access.send(begun, ({ headers }) => {
    const address = headers["x-goog-upload-url"];
    if (address === undefined) throw noId(access.provider, "no x-goog-upload-url");
    return address;
  });
  const headers = {
    ...body.headers,
    "x-goog-upload-offset": "0",
    "x-goog-upload-command": "upload, finalize",
  };
  return post(access, url, { ...body, headers }, (reply, redact) => {
    const stored = asObject(parseBody(reply.body)["file"]);
    const id = asString(stored?.["name"]);
    const uri = asString(stored?.["uri"]);
    if (id === undefined) throw noId(access.provider, redact(reply.body));
    return { provider: access.provider, id, ...(uri === undefined ? {} : { uri }) };
  });
}

function post<T>(
  access: StoreAccess,
  url: string,
  { headers, body }: FileBody,
  decode: (reply: HttpReply, redact: (text: string) => string) => T,
): Promise<T> {
  return access.send({ url, method: "POST", headers, body }, decode);
}

function noId(provider: string, body: string): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The file store of ${provider} answered without the id of the file`,
    body,
  });
}
