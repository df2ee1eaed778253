import { extensionsFor } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import { type JsonObject, mergeDeep } from "../../../core/values/json.js";
import type { AudioPart, FilePart, ImagePart, TextPart, UserPart } from "../../../core/values/message.js";
import { dataUri } from "../../shared/common/data-uri.js";
import { audioFormatOf } from "../shared/media.js";
import { DIALECT_FAMILY } from "../shared/state.js";
import { cacheControl } from "./cache.js";
import type { MessageContext } from "./messages.js";

/**
 * A part of a user message. What the user wants seen is never left out: an answer that missed it would be wrong.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a medium that the endpoint cannot take.
 */
export function encodePart(part: UserPart, at: string, context: MessageContext): JsonObject {
  let written: JsonObject = {
    ...bare(part, at, context),
    ...cacheControl(part.cache, at, context.quirks, context.losses),
  };
  for (const extension of extensionsFor(part.extensions, "openai-chat", context.target.provider))
    written = mergeDeep(written, extension);
  return written;
}

function bare(
  part: TextPart | ImagePart | AudioPart | FilePart,
  at: string,
  context: MessageContext,
): JsonObject {
  if (part.type !== "text" && context.quirks.textOnly === true)
    refuse(at, `takes text alone, no ${part.type}`, context);
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return image(part, at, context);
    case "audio":
      if (part.data === undefined) refuse(at, "takes sound as data alone: fetch it first", context);
      if (part.transcript !== undefined)
        context.losses.unsupported(`${at}.transcript`, "sound is sent without its transcript");
      return {
        type: "input_audio",
        input_audio: { data: part.data, format: audioFormatOf(part.mediaType ?? "audio/wav") },
      };
    case "file":
      return file(part, at, context);
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function image(part: ImagePart, at: string, context: MessageContext): JsonObject {
  if (part.uploaded !== undefined)
    refuse(at, "takes pictures as URL or data, not from a file store", context);
  if (part.url !== undefined && context.quirks.noImageUrls === true)
    refuse(at, "fetches no pictures: send the bytes as data", context);
  const url = part.url ?? dataUri(part.mediaType ?? "image/png", part.data ?? "");
  return { type: "image_url", image_url: { url, detail: part.detail } };
}

function file(part: FilePart, at: string, context: MessageContext): JsonObject {
  const { quirks, target } = context;
  const filename = part.name === undefined ? {} : { filename: part.name };
  if (part.uploaded !== undefined) {
    if (part.uploaded.provider !== target.provider && part.uploaded.provider !== DIALECT_FAMILY)
      refuse(at, `cannot read a file that ${part.uploaded.provider} stores`, context);
    return { type: "file", file: { file_id: part.uploaded.id, ...filename } };
  }
  const url = part.url ?? dataUri(part.mediaType ?? "application/octet-stream", part.data ?? "");
  if (part.mediaType?.startsWith("video/") === true && quirks.videoUrls === true)
    return { type: "video_url", video_url: { url } };
  if (part.url !== undefined && quirks.fileUrls !== true)
    refuse(at, "fetches no files: send the bytes as data", context);
  // OpenAI refuses file data without a name: "Missing required parameter: 'messages[0].content[0].file.filename'".
  return { type: "file", file: { filename: part.name ?? "file", file_data: url } };
}

function refuse(at: string, what: string, { target }: MessageContext): never {
  throw new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `\`${at}\`: ${target.provider} ${what}`,
    local: true,
  });
}
