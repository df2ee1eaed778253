import type { JsonObject } from "../../../core/values/json.js";
import type {
  AudioPart,
  CacheMark,
  FilePart,
  ImagePart,
  TextPart,
  UserPart,
} from "../../../core/values/message.js";
import { dataUri } from "../../shared/common/data-uri.js";
import { audioFormatOf } from "../shared/media.js";
import type { OpenAIChatContext } from "./context.js";

/**
 * A part of a user's message or of a tool's result.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for media that the endpoint does not accept.
 */
export function encodePart(part: UserPart, at: string, context: OpenAIChatContext): JsonObject {
  return context.marked(encodeContent(part, at, context), part, at);
}

function encodeContent(part: UserPart, at: string, context: OpenAIChatContext): JsonObject {
  if (part.type !== "text" && context.quirks.textOnly === true)
    context.refuse(at, { reason: "this endpoint accepts only text" });
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return encodeImage(part, at, context);
    case "audio":
      return encodeAudio(part, at, context);
    case "file": {
      const image = context.asImage(part, at);
      return image === undefined ? encodeFile(part, at, context) : encodeImage(image, at, context);
    }
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function encodeImage(part: ImagePart, at: string, context: OpenAIChatContext): JsonObject {
  if (part.uploaded !== undefined) context.refuse(at, { key: "messages.content.image.uploaded" });
  if (part.url !== undefined && context.quirks.noImageUrls === true)
    context.refuse(at, { reason: "this endpoint fetches no images: send the bytes, or set `fetchMedia`" });
  const url = part.url ?? dataUri(part.mediaType ?? "image/png", part.data ?? "");
  return { type: "image_url", image_url: { url, detail: part.detail } };
}

function encodeAudio(part: AudioPart, at: string, context: OpenAIChatContext): JsonObject {
  if (part.data === undefined) context.refuse(at, { key: "messages.content.audio.url" });
  if (part.transcript !== undefined) context.unsupported(`${at}.transcript`);
  const format = audioFormatOf(part.mediaType ?? "audio/wav");
  return { type: "input_audio", input_audio: { data: part.data, format } };
}

function encodeFile(part: FilePart, at: string, context: OpenAIChatContext): JsonObject {
  const { name, mediaType } = part;
  const id = context.uploadedId(part, at);
  if (id !== undefined) return { type: "file", file: { file_id: id, filename: name } };
  const url = part.url ?? dataUri(mediaType ?? "application/octet-stream", part.data ?? "");
  if (mediaType?.startsWith("video/") === true && context.quirks.videoUrls === true)
    return { type: "video_url", video_url: { url } };
  if (part.url !== undefined && context.quirks.fileUrls !== true)
    context.refuse(at, { reason: "this endpoint fetches no files: send the bytes, or set `fetchMedia`" });
  // "Missing required parameter: 'messages[0].content[0].file.filename'".
  return { type: "file", file: { filename: name ?? "file", file_data: url } };
}

/**
 * Text as a string if it is one part, else as parts. Texts are joined if the endpoint accepts only strings.
 * @param places the positions of the parts, if others are between them.
 */
export function encodeTexts(
  texts: readonly TextPart[],
  at: string,
  context: OpenAIChatContext,
  places?: readonly number[],
): string | JsonObject[] {
  const plain = texts.every(({ cache, extensions }) => cache === undefined && extensions === undefined);
  if (context.quirks.textOnly === true || (plain && texts.length <= 1))
    return texts.map(({ text }) => text).join("\n");
  return texts.map((part, j) => encodePart(part, `${at}.content.${places?.[j] ?? j}`, context));
}

/** Content with a mark on its last part. */
export function withMark(
  content: string | JsonObject[],
  mark: CacheMark | undefined,
  at: string,
  context: OpenAIChatContext,
): string | JsonObject[] {
  if (mark === undefined) return content;
  const control = context.cacheControl(mark, at);
  if (control["cache_control"] === undefined) return content;
  if (typeof content === "string") return [{ type: "text", text: content, ...control }];
  return content.map((part, j) => (j === content.length - 1 ? { ...part, ...control } : part));
}

/** The content of a user's message that has parts. */
export function encodeUserParts(
  parts: readonly UserPart[],
  at: string,
  context: OpenAIChatContext,
): string | JsonObject[] {
  return parts.every((part): part is TextPart => part.type === "text")
    ? encodeTexts(parts, at, context)
    : parts.map((part, j) => encodePart(part, `${at}.content.${j}`, context));
}
