import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";

/** An entry of `tool_calls`, complete or a piece of one. */
export interface CallPiece {
  readonly id: string;
  readonly name: string;
  /** The arguments as JSON text, or the input of a text tool; undefined if the entry has none. */
  readonly text: string | undefined;
  /** The call is that of a text tool. */
  readonly custom: boolean;
}

/** Decodes an entry of `tool_calls`. Some servers send the arguments as an object. */
export function decodeCall(entry: JsonObject): CallPiece {
  const id = asString(entry["id"]) ?? "";
  const custom = entry["function"] === undefined ? asObject(entry["custom"]) : undefined;
  if (custom !== undefined)
    return { id, name: asString(custom["name"]) ?? "", text: asString(custom["input"]), custom: true };
  const called = asObject(entry["function"]) ?? {};
  return {
    id,
    name: asString(called["name"]) ?? "",
    text: argumentsText(called["arguments"]),
    custom: false,
  };
}

/** Arguments as JSON text. */
export function argumentsText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return isObject(value) ? JSON.stringify(value) : undefined;
}

/**
 * An id for a call without one. The answer's id keeps it apart from the calls of other answers, and it is shorter than
 * the 40 characters that OpenAI accepts.
 */
export function syntheticId(responseId: string | undefined, position: number): string {
  const tail = (responseId ?? "").replace(/[^A-Za-z0-9]/g, "").slice(-24);
  return `call_${tail}${tail === "" ? "" : "_"}${position}`;
}

/** The opaque state of a call: Gemini's thought signature, which must be sent back with it. */
export function callState(entry: JsonObject): JsonObject | undefined {
  const extra = asObject(entry["extra_content"]);
  return extra === undefined ? undefined : { extra_content: extra };
}
