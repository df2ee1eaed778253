import { AiLibError } from "../../../core/errors/error.js";
import {
  asArray,
  asNumber,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";

/** Characters of opaque state that one answer may bring. */
const MAX_STATE = 16 * 1024 * 1024;

/**
 * Reasoning text of a message or delta. Some gateways send it under two names at once, so the first that is there
 * wins: `reasoning_content` (DeepSeek, Moonshot, Qwen, Zhipu...), `reasoning` (Groq, OpenRouter, Cerebras, vLLM).
 */
export function plainReasoning(message: JsonObject): string {
  const content = message["reasoning_content"];
  if (typeof content === "string" && content !== "") return content;
  const reasoning = message["reasoning"];
  if (typeof reasoning === "string" && reasoning !== "") return reasoning;
  return "";
}

/** What can be read of `reasoning_details`, where no other field says it. */
export function detailsText(details: unknown): string {
  let text = "";
  for (const detail of asArray(details)) {
    if (isObject(detail)) text += asString(detail["text"]) ?? asString(detail["summary"]) ?? "";
  }
  return text;
}

/**
 * Gathers `reasoning_details`, which must go back unchanged
 * (https://openrouter.ai/docs/guides/best-practices/reasoning-tokens). In a stream a block comes in pieces that
 * share its index: their texts are joined, and a signature comes with the last.
 */
export class ReasoningDetails {
  private readonly blocks: MutableJson[] = [];
  private size = 0;

  /** @throws {AiLibError} `INVALID_RESPONSE` for state without end. */
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
          message: `The answer's reasoning state passed ${MAX_STATE} characters; it was stopped`,
        });
    }
  }

  /** Whether none came. */
  get empty(): boolean {
    return this.blocks.length === 0;
  }

  /** The blocks, as they go back. */
  get value(): readonly JsonObject[] {
    return this.blocks;
  }
}

function continues(last: MutableJson, piece: JsonObject): boolean {
  if (last["type"] !== piece["type"] || asNumber(last["index"]) !== asNumber(piece["index"])) return false;
  if (asNumber(piece["index"]) === undefined) return false;
  const [before, now] = [asString(last["id"]), asString(piece["id"])];
  if (before !== undefined && now !== undefined && before !== now) return false;
  // A block that is signed is whole, and encrypted data never comes in pieces.
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
