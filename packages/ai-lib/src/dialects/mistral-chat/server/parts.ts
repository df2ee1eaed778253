import { asString, entryOf, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { canRead } from "../../shared/common/opaque-state.js";
import { DIALECT, FAMILY } from "../shared/family.js";
import { decodeChunk, encodeMedia, encodeSource, encodeThinking } from "../shared/parts.js";

const CHUNK_FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set(["type", "text"]),
  thinking: new Set(["type", "thinking", "signature", "closed"]),
  reference: new Set(["type", "reference_ids"]),
  tool_reference: new Set(["type", "tool", "title", "url", "description", "id"]),
  image_url: new Set(["type", "image_url"]),
  document_url: new Set(["type", "document_url", "document_name"]),
  input_audio: new Set(["type", "input_audio"]),
  file: new Set(["type", "file_id"]),
};

/** A chunk of a request as parts. Fields that the contract has no name for become `extensions`. */
export function decodePart(chunk: JsonObject): ContentPart[] {
  const [first, ...others] = decodeChunk(chunk, {});
  if (first === undefined) return [];
  const known = entryOf(CHUNK_FIELDS, asString(chunk["type"]) ?? "") ?? new Set<string>();
  return [{ ...first, ...extensionsOf(DIALECT, unknownFields(chunk, known)) }, ...others];
}

/**
 * A part of an answer as a chunk; undefined for one that is left out. Thinking of another family is text that the
 * client may read: only its state is left out.
 */
export function encodeAnswerPart(part: ContentPart): JsonObject | undefined {
  switch (part.type) {
    case "text":
    case "refusal":
      return { type: "text", text: part.text };
    case "reasoning": {
      const { text, origin, redacted } = part;
      const own = canRead({ families: [FAMILY] }, {}, origin);
      if (redacted === true && !own) return undefined;
      return encodeThinking(text, own ? asString(origin.data["signature"]) : undefined);
    }
    case "image":
    case "audio":
    case "file":
      return encodeMedia(part);
    case "source":
      return encodeSource(part);
    case "compaction":
    case "tool-call":
    case "tool-result":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}
