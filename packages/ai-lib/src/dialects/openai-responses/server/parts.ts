import { invalidRequest } from "../../../core/errors/error.js";
import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { FilePart, ImagePart, UserPart } from "../../../core/values/message.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { isDetail } from "../../shared/openai/image-detail.js";
import { extensionsOf, FAMILY } from "./fields.js";

/** Content of a user, or of a tool's result. @throws {AiLibError} `INVALID_REQUEST` for an unknown type. */
export function decodeContent(content: unknown, at: string): UserPart[] {
  if (!Array.isArray(content)) throw invalidRequest(`\`${at}\` must be a string or an array of parts`);
  return (content as unknown[]).map((part, i) => {
    if (!isObject(part)) throw invalidRequest(`\`${at}.${i}\` must be an object`);
    return decodePart(part, `${at}.${i}`);
  });
}

function decodePart(part: JsonObject, at: string): UserPart {
  const { type, prompt_cache_breakpoint: mark, ...fields } = part;
  const common = (known: readonly string[]) => {
    const left: Record<string, JsonObject[string]> = {};
    for (const key of Object.keys(fields)) if (!known.includes(key)) left[key] = fields[key];
    return { ...(isObject(mark) ? { cache: {} } : {}), ...extensionsOf(left) };
  };
  switch (type) {
    case "input_text":
    case "output_text":
    case "text":
      return {
        type: "text",
        text: asString(fields["text"]) ?? "",
        ...common(["text", "annotations", "logprobs"]),
      };
    case "input_image":
    case "computer_screenshot":
      return { ...decodeImage(fields, at), ...common(["image_url", "file_id", "detail"]) };
    case "input_file":
      return { ...decodeFile(fields, at), ...common(["file_data", "file_id", "file_url", "filename"]) };
    case "input_audio": {
      const audio = asObject(fields["input_audio"]);
      const data = asString(audio?.["data"]);
      if (data === undefined) throw invalidRequest(`\`${at}.input_audio.data\` is missing`);
      const format = asString(audio?.["format"]) ?? "wav";
      const mediaType = format === "mp3" ? "audio/mpeg" : `audio/${format}`;
      return { type: "audio", data, mediaType, ...common(["input_audio"]) };
    }
    default:
      throw invalidRequest(`\`${at}.type\` must be one of input_text, input_image, input_file, input_audio`);
  }
}

/** A picture by its URL, its bytes or its id. */
export function decodeImage(fields: JsonObject, at: string): ImagePart {
  const url = asString(fields["image_url"]) ?? asString(asObject(fields["image_url"])?.["url"]);
  const id = asString(fields["file_id"]);
  const { detail } = fields;
  const shown = isDetail(detail) ? { detail } : {};
  if (url !== undefined) return { type: "image", ...(parseDataUri(url) ?? { url }), ...shown } as ImagePart;
  if (id === undefined) throw invalidRequest(`\`${at}\` needs image_url or file_id`);
  return { type: "image", uploaded: { provider: FAMILY, id }, ...shown } as ImagePart;
}

function decodeFile(fields: JsonObject, at: string): FilePart {
  const name = asString(fields["filename"]);
  const named = name === undefined ? {} : { name };
  const id = asString(fields["file_id"]);
  const url = asString(fields["file_url"]);
  const data = asString(fields["file_data"]);
  if (id !== undefined) return { type: "file", uploaded: { provider: FAMILY, id }, ...named };
  if (url !== undefined) return { type: "file", url, ...named };
  if (data === undefined) throw invalidRequest(`\`${at}\` needs file_data, file_url or file_id`);
  // OpenAI documents bare base64 of a PDF besides data URIs.
  const bytes = parseDataUri(data) ?? { data, mediaType: "application/pdf" };
  return { type: "file", ...bytes, ...named };
}
