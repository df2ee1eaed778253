import type { JsonObject, MutableJson } from "../../core/json.js";
import type { Extensions } from "../../core/message.js";

/** Whose state a request carries: what clients of this dialect got from OpenAI, or from a server that speaks for it. */
export const FAMILY = "openai";

/** Fields that nobody took, as the dialect's extensions; null fields count as absent. */
export function extensionsOf(left: JsonObject): { extensions?: Extensions } {
  const fields: MutableJson = {};
  for (const key of Object.keys(left)) {
    if (key !== "__proto__" && left[key] !== null && left[key] !== undefined) fields[key] = left[key];
  }
  return Object.keys(fields).length === 0 ? {} : { extensions: { "openai-responses": fields } };
}
