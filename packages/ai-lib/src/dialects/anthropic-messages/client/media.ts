import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { FilePart, ImagePart, MediaPart } from "../../../core/values/message.js";
import { textOfFile } from "../../shared/common/base64.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { FILES_BETA } from "../shared/betas.js";
import type { AnthropicContext } from "./context.js";

/** An image as a block. */
export function encodeImage(part: ImagePart, at: string, context: AnthropicContext): MutableJson {
  if (part.detail !== undefined && part.detail !== "auto") context.unsupported(`${at}.detail`);
  return { type: "image", source: encodeSource(part, "image/png", at, context) };
}

/**
 * A file as a block: a document or an image.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a file that the dialect cannot carry: an answer without it would be
 *   wrong, and another provider may take it.
 */
export function encodeFile(part: FilePart, at: string, context: AnthropicContext): MutableJson {
  if (isContainerUpload(part, context)) {
    dropDocumentFields(part, at, context);
    return { type: "container_upload", file_id: fileId(part, at, context) };
  }
  const given = part.data === undefined ? parseDataUri(part.url ?? "") : undefined;
  const file: FilePart =
    given === undefined
      ? part
      : { type: "file", name: part.name, data: given.data, mediaType: given.mediaType };
  const mediaType = (file.mediaType ?? "application/pdf").toLowerCase().split(";")[0]?.trim() ?? "";
  if (mediaType.startsWith("image/")) {
    dropDocumentFields(part, at, context);
    return { type: "image", source: encodeSource(file, mediaType, at, context) };
  }
  const beside: JsonObject = {
    title: file.name,
    context: part.context,
    citations: part.citations === undefined ? undefined : { enabled: part.citations },
  };
  if (file.url !== undefined && file.data === undefined && mediaType !== "application/pdf")
    return context.refuse(at, {
      reason: `files at URLs are PDFs, and this one is ${mediaType}: send the bytes, or set \`fetchMedia\``,
    });
  if (file.data === undefined || mediaType === "application/pdf")
    return { type: "document", source: encodeSource(file, "application/pdf", at, context), ...beside };
  const text = textOfFile(mediaType, file.data);
  if (text === undefined) return context.refuse(at, `it is ${mediaType}`);
  if (mediaType !== "text/plain")
    context.changed(`${at}.mediaType`, { reason: `${mediaType} is sent as plain text` });
  return { type: "document", source: { type: "text", media_type: "text/plain", data: text }, ...beside };
}

function dropDocumentFields(part: FilePart, at: string, context: AnthropicContext): void {
  for (const field of ["context", "citations"] as const)
    if (part[field] !== undefined) context.dropFileField(`${at}.${field}`);
}

/** Whether a file is one that code execution left in the provider's store. */
export function isContainerUpload(part: FilePart, context: AnthropicContext): boolean {
  return part.origin?.data["type"] === "container_upload" && context.canRead(part.origin);
}

function encodeSource(part: MediaPart, assumed: string, at: string, context: AnthropicContext): MutableJson {
  if (part.uploaded !== undefined) return { type: "file", file_id: fileId(part, at, context) };
  const given = part.data === undefined ? parseDataUri(part.url ?? "") : undefined;
  const data = part.data ?? given?.data;
  if (data !== undefined)
    return { type: "base64", media_type: part.mediaType ?? given?.mediaType ?? assumed, data };
  return { type: "url", url: part.url ?? "" };
}

/** The id of an uploaded file, which needs the beta of the file store. */
function fileId(part: MediaPart, at: string, context: AnthropicContext): string {
  const id = context.uploadedId(part, at) ?? context.refuse(at, { key: "messages.content.uploaded" });
  context.betas.add(FILES_BETA);
  return id;
}
