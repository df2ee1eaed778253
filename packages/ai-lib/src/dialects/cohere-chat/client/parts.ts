import type { JsonObject } from "../../../core/values/json.js";
import type { FilePart, ImagePart, TextPart, UserPart } from "../../../core/values/message.js";
import { textOfFile } from "../../shared/common/base64.js";
import { dataUri, parseDataUri } from "../../shared/common/data-uri.js";
import type { CohereContext } from "./context.js";

/**
 * A part of a user's message or of a tool's result as a block; undefined for a text file, which becomes a document
 * beside the messages. https://docs.cohere.com/v2/reference/chat
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for media that Cohere does not accept.
 */
export function encodeUserPart(part: UserPart, at: string, context: CohereContext): JsonObject | undefined {
  context.warnMarks(part, at);
  switch (part.type) {
    case "text":
      return encodeText(part, context);
    case "image":
      return context.extended(
        { type: "image_url", image_url: encodeImage(part, at, context) },
        part.extensions,
      );
    case "audio":
      return context.refuse(at);
    case "file": {
      const image = context.asImage(part, at);
      if (image !== undefined)
        return context.extended(
          { type: "image_url", image_url: encodeImage(image, at, context) },
          part.extensions,
        );
      context.documents.push(context.extended(encodeDocument(part, at, context), part.extensions));
      context.changed(at);
      return undefined;
    }
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** Text; or a document, if the part's extensions give the block that type. */
function encodeText(part: TextPart, context: CohereContext): JsonObject {
  const block = context.extended({ type: "text", text: part.text }, part.extensions);
  if (block["type"] !== "document") return block;
  const { text: _text, ...document } = block;
  return document;
}

function encodeImage(part: ImagePart, at: string, context: CohereContext): JsonObject {
  if (part.uploaded !== undefined) return context.refuse(at, { key: "messages.content.uploaded" });
  const { detail } = part;
  if (detail === "original") context.changed(`${at}.detail`);
  const url = part.url ?? dataUri(part.mediaType ?? "image/png", part.data ?? "");
  return { url, detail: detail === "original" ? "high" : detail };
}

function encodeDocument(part: FilePart, at: string, context: CohereContext): JsonObject {
  const given = part.data === undefined ? parseDataUri(part.url ?? "") : undefined;
  const data = part.data ?? given?.data;
  const mediaType = part.mediaType ?? given?.mediaType ?? "";
  const text = data === undefined ? undefined : textOfFile(mediaType, data);
  if (text === undefined) return context.refuse(at);
  return { id: part.name, data: { title: part.name, text } };
}

/** A text file of a tool's result: a document of its own, which citations can name. */
export function encodeResultDocument(part: FilePart, at: string, context: CohereContext): JsonObject {
  context.warnMarks(part, at);
  return context.extended({ type: "document", document: encodeDocument(part, at, context) }, part.extensions);
}
