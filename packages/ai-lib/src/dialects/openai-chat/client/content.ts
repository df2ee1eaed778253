import { asArray, asString, isObject } from "../../../core/values/json.js";
import type { ImagePart, ReasoningPart, RefusalPart, TextPart } from "../../../core/values/message.js";
import { decodeImage } from "../shared/media.js";

/** What `content` may hold: a string with nearly all, a list of parts with some. */
export type ContentPiece = TextPart | ReasoningPart | RefusalPart | ImagePart;

/** The pieces of a `content` in their order; unknown ones are skipped. */
export function contentPieces(content: unknown): ContentPiece[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  const pieces: ContentPiece[] = [];
  for (const entry of asArray(content)) {
    const piece = typeof entry === "string" ? { type: "text" as const, text: entry } : decodePiece(entry);
    if (piece !== undefined) pieces.push(piece);
  }
  return pieces;
}

function decodePiece(entry: unknown): ContentPiece | undefined {
  if (!isObject(entry)) return undefined;
  switch (entry["type"]) {
    case undefined:
    case "text":
    case "output_text": {
      const text = asString(entry["text"]);
      return text === undefined ? undefined : { type: "text", text };
    }
    // Mistral's models nest text in `thinking`; Anthropic's, behind gateways, have a string there.
    case "thinking":
    case "reasoning": {
      const thinking = entry["thinking"] ?? entry["text"];
      if (typeof thinking === "string") return { type: "reasoning", text: thinking };
      let text = "";
      for (const piece of asArray(thinking)) if (isObject(piece)) text += asString(piece["text"]) ?? "";
      return { type: "reasoning", text };
    }
    case "refusal": {
      const text = asString(entry["refusal"]);
      return text === undefined ? undefined : { type: "refusal", text };
    }
    case "image_url":
      return decodeImage(entry);
    default:
      return undefined;
  }
}
