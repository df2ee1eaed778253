import type { JsonObject } from "../../../core/values/json.js";
import type { AudioPart, FilePart, ImagePart } from "../../../core/values/message.js";
import { textOfBase64 } from "../../shared/common/base64.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { formatOf, mediaTypeOfUrl } from "../shared/media.js";
import type { EncodeContext } from "./context.js";

/** What the type of a medium is where nobody tells. */
const ASSUMED: Readonly<Record<"image" | "audio" | "file", string>> = {
  image: "image/png",
  audio: "audio/wav",
  file: "application/pdf",
};

/**
 * A picture, sound, video or document as a block. What the user wants seen is never left out.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for what the dialect cannot carry, so that another provider can.
 */
export function mediaBlock(
  part: ImagePart | AudioPart | FilePart,
  at: string,
  context: EncodeContext,
): JsonObject {
  warn(part, at, context);
  if (part.uploaded !== undefined)
    throw context.refuse(
      `\`${at}\` is a file in the store of ${part.uploaded.provider}; Bedrock has none: send its bytes`,
    );
  const given = part.data === undefined ? parseDataUri(part.url ?? "") : undefined;
  const data = part.data ?? given?.data;
  if (data === undefined && part.url?.startsWith("s3://") !== true)
    throw context.refuse(`\`${at}\`: Bedrock fetches no URLs but s3://; send the bytes as data`);
  const mediaType =
    part.mediaType ?? given?.mediaType ?? mediaTypeOfUrl(part.url ?? "") ?? ASSUMED[part.type];
  const found = formatOf(mediaType);
  if (found === undefined) throw context.refuse(`\`${at}\`: Bedrock takes no ${mediaType}`);
  const { kind, format } = found;
  const source: JsonObject = data === undefined ? { s3Location: { uri: part.url } } : { bytes: data };
  if (kind !== "document") return { [kind]: { format, source } };
  // Text as text can be cited by its characters.
  const text = format === "txt" && data !== undefined ? textOfBase64(data) : undefined;
  const name = nameOf(part, format, at, context);
  return { document: { format, name, source: text === undefined ? source : { text } } };
}

function warn(part: ImagePart | AudioPart | FilePart, at: string, { losses }: EncodeContext): void {
  if (part.type === "image" && part.detail !== undefined && part.detail !== "auto")
    losses.unsupported(`${at}.detail`, "Bedrock has no such parameter");
  if (part.type === "audio" && part.transcript !== undefined)
    losses.unsupported(`${at}.transcript`, "a transcript has no place beside its sound");
}

/**
 * A document needs a name, of letters, digits, single white space, hyphens, parentheses and square brackets:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html. Its
 * ending is the format beside it.
 */
function nameOf(
  part: ImagePart | AudioPart | FilePart,
  format: string,
  at: string,
  context: EncodeContext,
): string {
  const given = part.type === "file" ? (part.name ?? "") : "";
  const ending = `.${format}`;
  const stem = given.endsWith(ending) ? given.slice(0, -ending.length) : given;
  const name = stem
    .replace(/[^A-Za-z0-9\s\-()[\]]/g, "-")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
  if (name !== stem)
    context.losses.changed(
      `${at}.name`,
      "a name has letters, digits, spaces, hyphens and brackets, 200 at most",
    );
  return name === "" ? `Document ${context.nextDocument()}` : name;
}
