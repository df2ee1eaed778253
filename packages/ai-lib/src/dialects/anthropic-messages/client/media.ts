import type { MutableJson } from "../../../core/values/json.js";
import type { FilePart, ImagePart, MediaPart } from "../../../core/values/message.js";
import { textOfBase64 } from "../../shared/common/base64.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { FILES_BETA } from "../shared/betas.js";
import { CLAUDE_FAMILY } from "../shared/quirks.js";
import type { EncodeContext } from "./context.js";
import { unsupported } from "./unsupported.js";

/** Types beside `text/*` whose bytes are text that the model can read as it stands. */
const READABLE = /^(text\/|application\/(json|xml|x-yaml|yaml|javascript|x-ndjson|sql)\b)|\+(json|xml)$/;

/** A picture as a block. */
export function imageBlock(part: ImagePart, at: string, context: EncodeContext): MutableJson {
  if (part.detail !== undefined && part.detail !== "auto")
    context.losses.unsupported(`${at}.detail`, "Anthropic chooses the resolution itself");
  return { type: "image", source: sourceOf(part, "image/png", at, context) };
}

/**
 * A file as a block: a document or a picture. What the user wants seen is never left out.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for what the dialect cannot carry, so that another provider can.
 */
export function fileBlock(part: FilePart, at: string, context: EncodeContext): MutableJson {
  if (part.origin?.data["type"] === "container_upload" && context.reads(part.origin))
    return { type: "container_upload", file_id: uploadedId(part, at, context) };
  const given = part.data === undefined ? parseDataUri(part.url ?? "") : undefined;
  const file: FilePart =
    given === undefined
      ? part
      : { type: "file", name: part.name, data: given.data, mediaType: given.mediaType };
  const mediaType = (file.mediaType ?? "application/pdf").toLowerCase().split(";")[0]?.trim() ?? "";
  if (mediaType.startsWith("image/"))
    return { type: "image", source: sourceOf(file, mediaType, at, context) };
  const title = file.name === undefined ? {} : { title: file.name };
  if (file.data === undefined || mediaType === "application/pdf")
    return { type: "document", source: sourceOf(file, "application/pdf", at, context), ...title };
  const text = READABLE.test(mediaType) ? textOfBase64(file.data) : undefined;
  if (text === undefined)
    throw unsupported(context.target, `\`${at}\`: Anthropic reads PDF and text, not ${mediaType}`);
  if (mediaType !== "text/plain")
    context.losses.changed(`${at}.mediaType`, `${mediaType} is sent as plain text`);
  return { type: "document", source: { type: "text", media_type: "text/plain", data: text }, ...title };
}

function sourceOf(part: MediaPart, assumed: string, at: string, context: EncodeContext): MutableJson {
  if (part.uploaded !== undefined) return { type: "file", file_id: uploadedId(part, at, context) };
  const given = part.data === undefined ? parseDataUri(part.url ?? "") : undefined;
  const data = part.data ?? given?.data;
  if (data !== undefined)
    return { type: "base64", media_type: part.mediaType ?? given?.mediaType ?? assumed, data };
  return { type: "url", url: part.url ?? "" };
}

function uploadedId(part: MediaPart, at: string, context: EncodeContext): string {
  const { uploaded } = part;
  const { provider } = context.target;
  if (uploaded === undefined || (uploaded.provider !== provider && uploaded.provider !== CLAUDE_FAMILY))
    throw unsupported(
      context.target,
      `\`${at}\` is a file in the store of ${uploaded?.provider ?? "nobody"}, which ${provider} cannot read`,
    );
  context.betas.add(FILES_BETA);
  return uploaded.id;
}
