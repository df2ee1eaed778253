import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, ImagePart, SourcePart } from "../../../core/values/message.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { DIALECT, FAMILY } from "./family.js";
import { decodeAudio } from "./media.js";

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

/** Reads a chunk of a request; fields that the contract has no name for become `extensions`. */
export function decodeChunkWhole(chunk: JsonObject): ContentPart[] {
  const [first, ...others] = decodeChunk(chunk, {});
  if (first === undefined) return [];
  const known = CHUNK_FIELDS[asString(chunk["type"]) ?? ""] ?? new Set<string>();
  return [{ ...first, ...extensionsOf(DIALECT, unknownFields(chunk, known)) }, ...others];
}

/** Who sent a chunk: in a reply the provider and the model asked for, in a request nobody that is known. */
interface Sender {
  readonly provider?: string;
  readonly model?: string;
}

/** A chunk as parts; none for a type that is not known. */
export function decodeChunk(chunk: JsonObject, from: Sender): ContentPart[] {
  switch (chunk["type"]) {
    case "text":
      return [{ type: "text", text: asString(chunk["text"]) ?? "" }];
    case "thinking":
      return decodeThinking(chunk, from);
    case "reference":
      return asArray(chunk["reference_ids"]).map((id) => ({ type: "source", documentId: String(id) }));
    case "tool_reference":
      return [decodeToolReference(chunk)];
    case "image_url": {
      const field = chunk["image_url"];
      const url = asString(field) ?? asString(asObject(field)?.["url"]) ?? "";
      const detail = asString(asObject(field)?.["detail"]);
      const image: ImagePart = { type: "image", ...(parseDataUri(url) ?? { url }) };
      return [detail === "low" || detail === "high" || detail === "auto" ? { ...image, detail } : image];
    }
    case "document_url": {
      const url = asString(chunk["document_url"]) ?? "";
      const name = asString(chunk["document_name"]);
      return [{ type: "file", ...(parseDataUri(url) ?? { url }), ...(name === undefined ? {} : { name }) }];
    }
    case "input_audio":
      return [decodeAudio(chunk["input_audio"])];
    case "file":
      return [
        {
          type: "file",
          uploaded: { provider: from.provider ?? DIALECT, id: asString(chunk["file_id"]) ?? "" },
        },
      ];
    default:
      return [];
  }
}

function decodeThinking(chunk: JsonObject, from: Sender): ContentPart[] {
  const { thinking } = chunk;
  let text = asString(thinking) ?? "";
  const sources: ContentPart[] = [];
  for (const piece of asArray(thinking)) {
    if (typeof piece === "string") text += piece;
    else if (!isObject(piece)) continue;
    else if (typeof piece["text"] === "string") text += piece["text"];
    else if (piece["type"] !== "thinking") sources.push(...decodeChunk(piece, from));
  }
  const signature = asString(chunk["signature"]);
  const { provider, model } = from;
  const origin =
    signature === undefined || signature === ""
      ? {}
      : {
          origin: {
            family: FAMILY,
            ...(provider === undefined ? {} : { provider }),
            ...(model === undefined ? {} : { model }),
            data: { signature },
          },
        };
  return [{ type: "reasoning", text, ...origin }, ...sources];
}

function decodeToolReference(chunk: JsonObject): SourcePart {
  const url = asString(chunk["url"]);
  const title = asString(chunk["title"]);
  const quote = asString(chunk["description"]);
  const documentId = asString(chunk["id"]);
  return {
    type: "source",
    ...(url === undefined ? {} : { url }),
    ...(title === undefined || title === "" ? {} : { title }),
    ...(quote === undefined ? {} : { quote }),
    ...(documentId === undefined ? {} : { documentId }),
  };
}
