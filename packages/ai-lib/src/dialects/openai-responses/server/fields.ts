import type { JsonObject } from "../../../core/values/json.js";
import type { Extensions } from "../../../core/values/message.js";
import { extensionsOf as asExtensions, unknownFields } from "../../shared/common/extensions.js";

/** Whose state a request carries: what clients of this dialect got from OpenAI, or from a server that speaks for it. */
export const FAMILY = "openai";

const NONE: ReadonlySet<string> = new Set();

/** Fields that nobody took, as the dialect's extensions; null fields count as absent. */
export function extensionsOf(left: JsonObject): { readonly extensions?: Extensions } {
  return asExtensions("openai-responses", unknownFields(left, NONE));
}
