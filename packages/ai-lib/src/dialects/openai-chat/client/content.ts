import { AiLibError } from "../../../core/errors/error.js";
import {
  asArray,
  asNumber,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { ImagePart, ReasoningPart, RefusalPart, TextPart } from "../../../core/values/message.js";
import { decodeImage } from "../shared/media.js";

/** A piece of `content`, which is a string at nearly all endpoints and a list at some. */
export type ContentPiece = TextPart | ReasoningPart | RefusalPart | ImagePart;

/** The pieces of a `content`; unknown ones are skipped. */
export function decodeContent(content: unknown): ContentPiece[] {
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
    // Mistral's models have a list in `thinking`; Anthropic's, behind gateways, a string.
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

/** The most characters of opaque state in one answer. */
const MAX_STATE = 16 * 1024 * 1024;

/** The text of `reasoning_details`, for answers that have it in no other field. */
export function decodeDetails(details: unknown): string {
  let text = "";
  for (const detail of asArray(details)) {
    if (isObject(detail)) text += asString(detail["text"]) ?? asString(detail["summary"]) ?? "";
  }
  return text;
}

/**
 * Collects `reasoning_details`, which must be sent back unchanged
 * (https://openrouter.ai/docs/guides/best-practices/reasoning-tokens). A stream sends a block in pieces with the same
 * index: their texts are joined, and the last one has the signature.
 */
export class ReasoningDetails {
  private readonly blocks: MutableJson[] = [];
  private size = 0;

  /** @throws {AiLibError} `INVALID_RESPONSE` for more state than one answer may have. */
  add(value: unknown): void {
    for (const piece of asArray(value)) {
      if (!isObject(piece)) continue;
      const last = this.blocks[this.blocks.length - 1];
      if (last !== undefined && continues(last, piece)) join(last, piece);
      else this.blocks.push({ ...piece });
      for (const key of ["text", "summary", "data"]) this.size += asString(piece[key])?.length ?? 0;
      this.size += 16;
      if (this.size > MAX_STATE)
        throw new AiLibError({
          code: "INVALID_RESPONSE",
          message: `The answer's reasoning state exceeds ${MAX_STATE} characters`,
        });
    }
  }

  /** Whether there are none. */
  get empty(): boolean {
    return this.blocks.length === 0;
  }

  /** The blocks, in the form in which they are sent back. */
  get value(): readonly JsonObject[] {
    return this.blocks;
  }
}

function continues(last: MutableJson, piece: JsonObject): boolean {
  if (last["type"] !== piece["type"] || asNumber(last["index"]) !== asNumber(piece["index"])) return false;
  if (asNumber(piece["index"]) === undefined) return false;
  const [before, now] = [asString(last["id"]), asString(piece["id"])];
  if (before !== undefined && now !== undefined && before !== now) return false;
  // A signed block is complete, and encrypted data is never sent in pieces.
  return asString(last["signature"]) === undefined && piece["type"] !== "reasoning.encrypted";
}

function join(last: MutableJson, piece: JsonObject): void {
  for (const key of Object.keys(piece)) {
    const value = piece[key];
    const old = last[key];
    if ((key === "text" || key === "summary") && typeof value === "string" && typeof old === "string")
      last[key] = old + value;
    else if (value !== null && value !== undefined && key !== "__proto__") last[key] = value;
  }
}
