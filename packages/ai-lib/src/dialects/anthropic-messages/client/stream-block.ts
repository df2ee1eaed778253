import type { PartHead } from "../../../core/values/chat-event.js";
import { asString, type Json, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin } from "../../../core/values/message.js";
import {
  callOrigin,
  isServerCall,
  isServerResult,
  OPAQUE_BLOCKS,
  type OriginFacts,
  redactedPart,
  resultPart,
  uploadPart,
} from "../shared/parts.js";

/** A block of a stream, by its wire index. */
export interface Block {
  /** Its part's position in the answer. */
  readonly part: number;
  readonly kind: "text" | "thinking" | "call" | "kept" | "skipped";
  open: boolean;
  signature: string;
  /** A call's input as `content_block_start` had it: used where no delta brings more. */
  readonly input: Json | undefined;
  /** Arguments came as deltas. */
  fed: boolean;
  readonly origin: Origin | undefined;
  /** A block that is kept whole until it ends. */
  kept: JsonObject | undefined;
}

/** What a block is by its `content_block_start`. */
export type Opening =
  /** Deltas follow. */
  | {
      readonly kind: "text" | "thinking" | "call";
      readonly head: PartHead;
      readonly origin?: Origin | undefined;
    }
  /** It is all there. */
  | { readonly kind: "complete"; readonly part: ContentPart }
  /** It becomes a part only when it is whole. */
  | { readonly kind: "kept" }
  /** Nobody knows it. */
  | { readonly kind: "skipped" };

/** Reads a `content_block`. */
export function openingOf(block: JsonObject, origins: OriginFacts): Opening {
  const type = asString(block["type"]) ?? "";
  switch (type) {
    case "text":
      return { kind: "text", head: { type: "text" } };
    case "thinking":
      return { kind: "thinking", head: { type: "reasoning" } };
    case "redacted_thinking":
      return { kind: "complete", part: redactedPart(block, origins) };
    case "container_upload":
      return { kind: "complete", part: uploadPart(block, origins) };
  }
  if (type === "tool_use" || isServerCall(type)) {
    const head: PartHead = {
      type: "tool-call",
      id: asString(block["id"]) ?? "",
      name: asString(block["name"]) ?? "",
      ...(type === "tool_use" ? {} : { executedBy: "provider" }),
    };
    return { kind: "call", head, origin: callOrigin(block, type, origins) };
  }
  if (isServerResult(type)) return { kind: "complete", part: resultPart(block, origins) };
  return OPAQUE_BLOCKS.has(type) ? { kind: "kept" } : { kind: "skipped" };
}

/** A block that has just begun. */
export function newBlock(
  kind: Block["kind"],
  part: number,
  more: { readonly input?: Json | undefined; readonly origin?: Origin | undefined } = {},
): Block {
  return {
    part,
    kind,
    open: kind !== "skipped",
    signature: "",
    input: more.input,
    fed: false,
    origin: more.origin,
    kept: undefined,
  };
}
