import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { Origin } from "../../../core/values/message.js";

/** The family of this dialect's opaque state: the Gemini API and Vertex share their signatures. */
export const FAMILY = "google";

/** The name of calls of the code execution tool, which is the tool's field in a request. */
export const CODE_EXECUTION = "codeExecution";

/**
 * A signature that the validator accepts for calls that no Gemini model made: the documented way to send the history
 * of another model (https://ai.google.dev/gemini-api/docs/thought-signatures).
 */
export const SKIP_SIGNATURE = "skip_thought_signature_validator";

/** The prefix of ids that this library makes for calls without one. They are not sent back. */
const SYNTHETIC = "gemini_";

/** An id for a call without one: the same in a stream and in a whole reply. */
export function syntheticId(reply: string | undefined, position: number | string): string {
  return `${SYNTHETIC}${reply ?? "call"}_${position}`;
}

/** Whether an id was made here, so the endpoint does not know it. */
export function isSynthetic(id: string): boolean {
  return id.startsWith(SYNTHETIC);
}

/**
 * The signature of a part for this family; undefined for none and for other families. Clients of OpenAI's dialect send
 * it where Google's compatible endpoint has it:
 * https://ai.google.dev/gemini-api/docs/thought-signatures#openai.
 */
export function signatureOf(origin: Origin | undefined): string | undefined {
  let signature: string | undefined;
  if (origin?.family === FAMILY) signature = asString(origin.data["thoughtSignature"]);
  else if (origin?.family === "openai-chat")
    signature = asString(asObject(asObject(origin.data["extra_content"])?.["google"])?.["thought_signature"]);
  return signature === "" ? undefined : signature;
}

/**
 * A field of an object that a client wrote: Google's API accepts `functionCall` and `function_call` alike
 * (https://protobuf.dev/programming-guides/json/), and null as absent.
 */
export function field(object: JsonObject | undefined, name: string): unknown {
  if (object === undefined) return undefined;
  const value = object[name] ?? object[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
  return value ?? undefined;
}

/** {@link field} as an object. */
export function objectField(object: JsonObject | undefined, name: string): JsonObject | undefined {
  return asObject(field(object, name));
}

/** {@link field} as a string. */
export function stringField(object: JsonObject | undefined, name: string): string | undefined {
  return asString(field(object, name));
}

/** {@link field} as objects; a single object counts as a list of one, as in Google's API. */
export function objectsField(object: JsonObject | undefined, name: string): readonly JsonObject[] {
  const value = field(object, name);
  return isObject(value) ? [value] : asArray(value).filter(isObject);
}

/** The fields of an object except for nulls and the named ones (in camel case); undefined if none are left. */
export function restOf(object: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  let rest: { [key: string]: JsonObject[string] } | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === null || value === undefined || known.has(camelCase(key)) || key === "__proto__") continue;
    rest ??= {};
    rest[camelCase(key)] = value;
  }
  return rest;
}

/** `google_search` as `googleSearch`. */
export function camelCase(name: string): string {
  return name.replace(/(?<!_)_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Whether a tool that a provider ran is one of Google's, by the name that decoders give it. */
export function isServerTool(name: string): boolean {
  return name === CODE_EXECUTION || /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name);
}
