import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";

/** One entry of `tool_calls`, whole or in part. */
export interface CallPiece {
  readonly id: string;
  readonly name: string;
  /** Raw JSON text; undefined where the entry has no arguments. */
  readonly text: string | undefined;
}

/** Reads an entry of `tool_calls`. Some servers send the arguments as an object. */
export function decodeCall(entry: JsonObject): CallPiece {
  const called = asObject(entry["function"]) ?? {};
  return {
    id: asString(entry["id"]) ?? "",
    name: asString(called["name"]) ?? "",
    text: argumentsText(called["arguments"]),
  };
}

/** Raw text of arguments. */
export function argumentsText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return isObject(value) ? JSON.stringify(value) : undefined;
}

/**
 * An id for a call that came without one: told apart from the calls of other answers by the answer's id, and
 * short enough for OpenAI, which takes 40 characters.
 */
export function callId(responseId: string | undefined, position: number): string {
  const tail = (responseId ?? "").replace(/[^A-Za-z0-9]/g, "").slice(-24);
  return `call_${tail}${tail === "" ? "" : "_"}${position}`;
}

/** Opaque state of a call: Gemini's thought signature, which must go back with it. */
export function callState(entry: JsonObject): JsonObject | undefined {
  const extra = asObject(entry["extra_content"]);
  return extra === undefined ? undefined : { extra_content: extra };
}
