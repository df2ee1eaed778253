import type { JsonObject } from "../../../core/values/json.js";
import type {
  AudioPart,
  CacheMark,
  FilePart,
  ImagePart,
  MediaPart,
  ToolResultContent,
} from "../../../core/values/message.js";
import { dataUri } from "../../shared/common/data-uri.js";
import { LIFETIMES, OTHER_LIFETIME } from "../shared/cache.js";
import type { OpenAIResponsesContext } from "./context.js";

/**
 * Parts of a user's message or of a tool's result.
 * @param at the path of the list.
 * @param mark the cache mark of the message: it is on the last part.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for media that the endpoint does not accept.
 */
export function encodeParts(
  parts: readonly ToolResultContent[],
  at: string,
  context: OpenAIResponsesContext,
  mark?: CacheMark | undefined,
): JsonObject[] {
  const message = at.slice(0, at.lastIndexOf("."));
  return parts.map((part, i) => {
    const where = `${at}.${i}`;
    const encoded = encodePart(part, where, context);
    const last = i === parts.length - 1 ? mark : undefined;
    if (part.cache !== undefined && last !== undefined) context.dropSecondMark(message);
    const marked = encodeMark(
      encoded,
      part.cache ?? last,
      part.cache === undefined ? message : where,
      context,
    );
    return context.extended(marked, part.extensions);
  });
}

/** A content part with a cache breakpoint at its end, if the endpoint accepts it. */
function encodeMark(
  part: JsonObject,
  mark: CacheMark | undefined,
  at: string,
  context: OpenAIResponsesContext,
): JsonObject {
  if (mark === undefined) return part;
  if (context.quirks.cacheBreakpoints !== true) {
    context.dropMark(at);
    return part;
  }
  if (mark.ttl !== undefined && !LIFETIMES.has(mark.ttl))
    context.unsupported(`${at}.cache.ttl`, { reason: OTHER_LIFETIME });
  else if (mark.ttl !== undefined) {
    if (context.cacheTtl !== undefined && context.cacheTtl !== mark.ttl)
      context.changed(`${at}.cache.ttl`, {
        reason: `all marks of a request have one lifetime, "${context.cacheTtl}"`,
      });
    context.cacheTtl ??= mark.ttl;
  }
  return { ...part, prompt_cache_breakpoint: { mode: "explicit" } };
}

function encodePart(part: ToolResultContent, at: string, context: OpenAIResponsesContext): JsonObject {
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image":
      return encodeImage(part, at, context);
    case "file": {
      const image = context.asImage(part, at);
      return image === undefined ? encodeFile(part, at, context) : encodeImage(image, at, context);
    }
    case "audio":
      return encodeAudio(part, at, context);
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function encodeImage(part: ImagePart, at: string, context: OpenAIResponsesContext): JsonObject {
  return {
    type: "input_image",
    image_url: part.url ?? bytesOf(part),
    file_id: context.uploadedId(part, at),
    detail: part.detail,
  };
}

function encodeFile(part: FilePart, at: string, context: OpenAIResponsesContext): JsonObject {
  return {
    type: "input_file",
    // Bytes need a name: https://platform.openai.com/docs/guides/pdf-files
    filename: part.name ?? (part.data === undefined ? undefined : nameFor(part.mediaType)),
    file_url: part.url,
    file_data: bytesOf(part),
    file_id: context.uploadedId(part, at),
  };
}

function encodeAudio(part: AudioPart, at: string, context: OpenAIResponsesContext): JsonObject {
  if (context.quirks.audioInput !== true) context.refuse(at);
  if (part.data === undefined)
    context.refuse(at, { reason: "sound must be sent as bytes, or with `fetchMedia` set" });
  if (part.transcript !== undefined) context.unsupported(`${at}.transcript`);
  const format = (part.mediaType ?? "audio/wav").replace(/^audio\/(x-)?/, "").replace(/^mpeg$/, "mp3");
  return { type: "input_audio", input_audio: { data: part.data, format } };
}

function bytesOf({ data, mediaType }: MediaPart): string | undefined {
  return data === undefined ? undefined : dataUri(mediaType ?? "application/octet-stream", data);
}

function nameFor(mediaType: string | undefined): string {
  const ending = /\/([a-z0-9]+)$/i.exec(mediaType ?? "")?.[1];
  return ending === undefined ? "file" : `file.${ending.toLowerCase()}`;
}
