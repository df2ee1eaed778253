import type { JsonObject } from "../../../core/values/json.js";
import type { AudioPart, FilePart, ImagePart } from "../../../core/values/message.js";
import { textOfBase64 } from "../../shared/common/base64.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { formatOf, mediaTypeOfUrl } from "../shared/media.js";
import type { BedrockContext } from "./context.js";

/** The media type of a part that does not name one. */
const ASSUMED: Readonly<Record<"image" | "audio" | "file", string>> = {
  image: "image/png",
  audio: "audio/wav",
  file: "application/pdf",
};

/**
 * An image, sound, video or document as a block.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for media that the dialect cannot carry: an answer without them would be
 *   wrong, and another provider may take them.
 */
export function encodeMedia(
  part: ImagePart | AudioPart | FilePart,
  at: string,
  context: BedrockContext,
): JsonObject {
  if (part.type === "image" && part.detail !== undefined && part.detail !== "auto")
    context.unsupported(`${at}.detail`);
  if (part.type === "audio" && part.transcript !== undefined) context.unsupported(`${at}.transcript`);
  if (part.uploaded !== undefined)
    return context.refuse(at, {
      key: "messages.content.uploaded",
      detail: `it is stored by ${part.uploaded.provider}`,
    });
  const given = part.data === undefined ? parseDataUri(part.url ?? "") : undefined;
  const data = part.data ?? given?.data;
  if (data === undefined && part.url?.startsWith("s3://") !== true)
    return context.refuse(at, { key: "messages.content.url" });
  const mediaType =
    part.mediaType ?? given?.mediaType ?? mediaTypeOfUrl(part.url ?? "") ?? ASSUMED[part.type];
  const found = formatOf(mediaType);
  if (found === undefined)
    return context.refuse(at, { key: "messages.content.file.mediaType", detail: `it is ${mediaType}` });
  const { kind, format } = found;
  const source: JsonObject = data === undefined ? { s3Location: { uri: part.url } } : { bytes: data };
  const { context: about, citations }: Partial<FilePart> = part.type === "file" ? part : {};
  if (kind !== "document") {
    if (about !== undefined) context.dropFileField(`${at}.context`);
    if (citations !== undefined) context.dropFileField(`${at}.citations`);
    return { [kind]: { format, source } };
  }
  // Text that is sent as text can be cited by its characters.
  const text = format === "txt" && data !== undefined ? textOfBase64(data) : undefined;
  const name = encodeName(part, format, at, context);
  return {
    document: {
      format,
      name,
      source: text === undefined ? source : { text },
      context: about,
      citations: citations === undefined ? undefined : { enabled: citations },
    },
  };
}

/**
 * A document needs a name of letters, digits, single white space, hyphens, parentheses and square brackets:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html. Its ending is left out,
 * since the format is beside it.
 */
function encodeName(
  part: ImagePart | AudioPart | FilePart,
  format: string,
  at: string,
  context: BedrockContext,
): string {
  const given = part.type === "file" ? (part.name ?? "") : "";
  const ending = `.${format}`;
  const stem = given.endsWith(ending) ? given.slice(0, -ending.length) : given;
  const name = stem
    .replace(/[^A-Za-z0-9\s\-()[\]]/g, "-")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
  const unique = context.documentName(name);
  if (name !== stem || (name !== "" && unique !== name)) context.changed(`${at}.name`);
  return unique;
}
