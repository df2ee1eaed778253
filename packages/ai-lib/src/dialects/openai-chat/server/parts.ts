import { invalidRequest } from "../../../core/errors/error.js";
import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { FilePart, ImagePart, UserPart } from "../../../core/values/message.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { isDetail } from "../../shared/openai/image-detail.js";
import { audioTypeOf } from "../shared/media.js";
import { DIALECT_FAMILY } from "../shared/state.js";
import { decodeCacheMark, extensionsOf } from "./fields.js";

/** A part of a message. @throws {AiLibError} `INVALID_REQUEST` for an unknown type. */
export function decodeUserPart(part: unknown, at: string): UserPart {
  if (typeof part === "string") return { type: "text", text: part };
  if (!isObject(part)) throw invalidRequest(`\`${at}\` must be an object`);
  const cache = decodeCacheMark(part["cache_control"]);
  const common = (known: readonly string[]) => {
    const left: Record<string, JsonObject[string]> = {};
    for (const key of Object.keys(part)) {
      if (key !== "type" && key !== "cache_control" && !known.includes(key)) left[key] = part[key];
    }
    return { ...(cache === undefined ? {} : { cache }), ...extensionsOf(left) };
  };
  switch (part["type"]) {
    case "text":
    case "input_text":
      return { type: "text", text: asString(part["text"]) ?? "", ...common(["text", "image_url"]) };
    case "image_url":
      return { ...decodeImage(part, at), ...common(["image_url", "text"]) };
    case "input_audio": {
      const audio = asObject(part["input_audio"]);
      const data = asString(audio?.["data"]);
      if (data === undefined) throw invalidRequest(`\`${at}.input_audio.data\` is missing`);
      return {
        type: "audio",
        data,
        mediaType: audioTypeOf(asString(audio?.["format"]) ?? "wav"),
        ...common(["input_audio"]),
      };
    }
    case "file":
      return { ...decodeFile(part, at), ...common(["file"]) };
    case "video_url": {
      const url = asString(asObject(part["video_url"])?.["url"]) ?? asString(part["video_url"]);
      if (url === undefined) throw invalidRequest(`\`${at}.video_url.url\` is missing`);
      return {
        type: "file",
        ...(parseDataUri(url) ?? { url, mediaType: "video/mp4" }),
        ...common(["video_url"]),
      };
    }
    default:
      throw invalidRequest(`\`${at}.type\` must be one of text, image_url, input_audio, file, video_url`);
  }
}

function decodeImage(part: JsonObject, at: string): ImagePart {
  const shown = asObject(part["image_url"]);
  const url = asString(shown?.["url"]) ?? asString(part["image_url"]);
  if (url === undefined) throw invalidRequest(`\`${at}.image_url.url\` is missing`);
  const detail = shown?.["detail"];
  return {
    type: "image",
    ...(parseDataUri(url) ?? { url }),
    ...(isDetail(detail) ? { detail } : {}),
  };
}

function decodeFile(part: JsonObject, at: string): FilePart {
  const given = asObject(part["file"]);
  const id = asString(given?.["file_id"]);
  const data = asString(given?.["file_data"]);
  const name = asString(given?.["filename"]);
  const named = name === undefined ? {} : { name };
  if (id !== undefined) return { type: "file", uploaded: { provider: DIALECT_FAMILY, id }, ...named };
  if (data === undefined) throw invalidRequest(`\`${at}.file\` needs file_data or file_id`);
  const bytes = parseDataUri(data);
  if (bytes !== undefined) return { type: "file", ...bytes, ...named };
  // OpenAI documents bare base64, and gateways take URLs.
  if (/^https?:/i.test(data)) return { type: "file", url: data, ...named };
  return { type: "file", data, mediaType: "application/pdf", ...named };
}
