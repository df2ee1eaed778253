import { asObject, asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import type { FilePart, ImagePart, TextPart, UserPart } from "../../../core/values/message.js";
import { textOfBase64 } from "../../shared/common/base64.js";
import { dataUri, parseDataUri } from "../../shared/common/data-uri.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { type Destination, refused } from "../client/context.js";
import { DIALECT } from "./family.js";

/** Types beside `text/*` whose bytes are text that the model can read as it stands. */
const READABLE = /^(text\/|application\/(json|xml|x-yaml|yaml|javascript|x-ndjson|sql)\b)|\+(json|xml)$/;

/**
 * A part as a content block; undefined for a text file, which becomes a document beside the messages.
 * https://docs.cohere.com/v2/reference/chat
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a medium that Cohere does not take.
 */
export function encodeBlock(part: UserPart, at: string, to: Destination): JsonObject | undefined {
  to.noteMarks(part, at);
  switch (part.type) {
    case "text":
      return encodeText(part, to);
    case "image":
      return to.extended({ type: "image_url", image_url: pictureOf(part, at) }, part.extensions);
    case "audio":
      throw refused(at, "it takes no sound");
    case "file":
      to.documents.push(to.extended(documentOf(part, at), part.extensions));
      to.losses.changed(at, "it is sent as a document beside the messages");
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** Text; or a document, where the part's extensions say that it stands for one. */
function encodeText(part: TextPart, to: Destination): JsonObject {
  const block = to.extended({ type: "text", text: part.text }, part.extensions);
  if (block["type"] !== "document") return block;
  const { text: _text, ...document } = block;
  return document;
}

function pictureOf(part: ImagePart, at: string): JsonObject {
  const url =
    part.url ?? (part.data === undefined ? undefined : dataUri(part.mediaType ?? "image/png", part.data));
  if (url === undefined) throw refused(at, "it has neither a URL nor bytes, and there is no file store");
  return { url, ...(part.detail === undefined ? {} : { detail: part.detail }) };
}

function documentOf(part: FilePart, at: string): JsonObject {
  const given = part.data === undefined ? parseDataUri(part.url ?? "") : undefined;
  const data = part.data ?? given?.data;
  const mediaType = part.mediaType ?? given?.mediaType ?? "";
  const text = data !== undefined && READABLE.test(mediaType) ? textOfBase64(data) : undefined;
  if (text === undefined) throw refused(at, "it takes text and pictures, no other files");
  return {
    ...(part.name === undefined ? {} : { id: part.name }),
    data: { ...(part.name === undefined ? {} : { title: part.name }), text },
  };
}

/** A text file of a tool's result: a document of its own, which citations can name. */
export function encodeResultDocument(part: FilePart, at: string, to: Destination): JsonObject {
  to.noteMarks(part, at);
  return to.extended({ type: "document", document: documentOf(part, at) }, part.extensions);
}

const BLOCK_FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set(["type", "text"]),
  image_url: new Set(["type", "image_url"]),
};

/**
 * A block of a user's or a tool's message; undefined for a type that is not known. A document becomes text that says
 * what it holds, and keeps its own form as extensions.
 */
export function decodeBlock(block: JsonObject): TextPart | ImagePart | undefined {
  const type = asString(block["type"]) ?? "";
  const known = BLOCK_FIELDS[type] ?? new Set<string>();
  switch (type) {
    case "text":
      return {
        type: "text",
        text: asString(block["text"]) ?? "",
        ...extensionsOf(DIALECT, unknownFields(block, known)),
      };
    case "image_url": {
      const picture = asObject(block["image_url"]);
      const url = asString(picture?.["url"]) ?? asString(block["image_url"]) ?? "";
      const detail = picture?.["detail"];
      const image: MutableImage = { type: "image", ...(parseDataUri(url) ?? { url }) };
      if (detail === "low" || detail === "high" || detail === "auto") image.detail = detail;
      return { ...image, ...extensionsOf(DIALECT, unknownFields(block, known)) };
    }
    case "document": {
      const data = asObject(block["document"])?.["data"];
      return {
        type: "text",
        text: JSON.stringify(data ?? {}),
        ...extensionsOf(DIALECT, { ...block } as MutableJson),
      };
    }
    default:
      return undefined;
  }
}

type MutableImage = { -readonly [K in keyof ImagePart]: ImagePart[K] };
