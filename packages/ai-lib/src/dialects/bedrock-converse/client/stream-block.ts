import type { PartHead } from "../../../core/values/chat-event.js";
import { asObject, asString, type JsonObject } from "../../../core/values/json.js";
import type { Origin } from "../../../core/values/message.js";
import { nonEmpty } from "../../shared/common/body-fields.js";
import { mediaTypeOf } from "../shared/media.js";
import { callOrigin, type OriginFacts } from "../shared/parts.js";

/** A block of a stream. */
export interface Block {
  /** The position of its part; undefined until it has one. */
  part: number | undefined;
  kind: "unknown" | "text" | "reasoning" | "redacted" | "call" | "nameless" | "result" | "image";
  signature: string;
  origin: Origin | undefined;
  /** Arguments of a call without a name. */
  nameless: string;
  /** Withheld reasoning so far. */
  redacted: string;
  /** The start of a result, and its content so far. */
  start: JsonObject;
  content: unknown[];
  /** Citations that came before the text they support. */
  citations: unknown[];
}

/** A block whose kind is not yet known. */
export function newBlock(): Block {
  return {
    part: undefined,
    kind: "unknown",
    signature: "",
    origin: undefined,
    nameless: "",
    redacted: "",
    start: {},
    content: [],
    citations: [],
  };
}

/** What a `contentBlockStart` starts. */
export type Opening =
  | { readonly kind: "call" | "image"; readonly head: PartHead; readonly origin: Origin | undefined }
  | { readonly kind: "nameless" }
  | { readonly kind: "result"; readonly start: JsonObject };

/** Decodes the `start` of a block; undefined for an unknown kind. Text and reasoning have none. */
export function openingOf(start: JsonObject, origins: OriginFacts): Opening | undefined {
  const call = asObject(start["toolUse"]);
  if (call !== undefined) {
    if (nonEmpty(call["name"]) === undefined) return { kind: "nameless" };
    const origin = callOrigin(call, origins);
    const head: PartHead = {
      type: "tool-call",
      id: asString(call["toolUseId"]) ?? "",
      name: asString(call["name"]) ?? "",
      ...(origin === undefined ? {} : { executedBy: "provider" }),
    };
    return { kind: "call", head, origin };
  }
  const result = asObject(start["toolResult"]);
  if (result !== undefined) return { kind: "result", start: result };
  const image = asObject(start["image"]);
  if (image === undefined) return undefined;
  const mediaType = mediaTypeOf("image", asString(image["format"]) ?? "");
  return { kind: "image", head: { type: "image", mediaType }, origin: undefined };
}
