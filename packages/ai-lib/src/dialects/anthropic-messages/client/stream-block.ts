import type { PartHead } from "../../../core/values/chat-event.js";
import { asObject, asString, isObject, type Json, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin } from "../../../core/values/message.js";
import { nonEmpty } from "../../shared/common/body-fields.js";
import type { DeltaShape } from "../../shared/common/delta-template.js";
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
  /** The position of its part in the answer; -1 while it has none. */
  part: number;
  readonly kind: "text" | "thinking" | "call" | "nameless" | "buffered" | "skipped";
  open: boolean;
  signature: string;
  /** A call's input in `content_block_start`: used if no delta follows. */
  readonly input: Json | undefined;
  /** The arguments that arrived as deltas. */
  fed: string;
  readonly origin: Origin | undefined;
  /** The block so far, if it becomes a part only when it is complete. */
  buffered: JsonObject | undefined;
}

/** What a `content_block_start` starts. */
export type Opening =
  /** Deltas follow. */
  | { readonly kind: "text" | "thinking" }
  /** A call without a name: it is left out. */
  | { readonly kind: "nameless" }
  | { readonly kind: "call"; readonly head: PartHead; readonly origin?: Origin | undefined }
  /** It is complete. */
  | { readonly kind: "complete"; readonly part: ContentPart }
  /** It becomes a part only when it is complete. */
  | { readonly kind: "buffered" }
  /** Its type is unknown. */
  | { readonly kind: "skipped" };

/** Decodes the `content_block` of a start event. */
export function openingOf(block: JsonObject, origins: OriginFacts): Opening {
  const type = asString(block["type"]) ?? "";
  switch (type) {
    case "text":
      return { kind: "text" };
    case "thinking":
      return { kind: "thinking" };
    case "redacted_thinking":
      return { kind: "complete", part: redactedPart(block, origins) };
    case "container_upload":
      return { kind: "complete", part: uploadPart(block, origins) };
  }
  if (type === "tool_use" || isServerCall(type)) {
    if (nonEmpty(block["name"]) === undefined) return { kind: "nameless" };
    const head: PartHead = {
      type: "tool-call",
      id: asString(block["id"]) ?? "",
      name: asString(block["name"]) ?? "",
      ...(type === "tool_use" ? {} : { executedBy: "provider" }),
    };
    return { kind: "call", head, origin: callOrigin(block, type, origins) };
  }
  if (isServerResult(type)) return { kind: "complete", part: resultPart(block, origins) };
  return OPAQUE_BLOCKS.has(type) ? { kind: "buffered" } : { kind: "skipped" };
}

/** A block that has just started. */
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
    fed: "",
    origin: more.origin,
    buffered: undefined,
  };
}

/** The frames of text deltas: of their fields, the decoder uses only the index and the text. */
export const TEXT_DELTA: DeltaShape = {
  key: "text",
  decode(value) {
    if (!isObject(value) || value["type"] !== "content_block_delta" || typeof value["index"] !== "number")
      return undefined;
    const delta = asObject(value["delta"]);
    const text = delta?.["type"] === "text_delta" ? delta["text"] : undefined;
    return typeof text === "string" ? text : undefined;
  },
};
