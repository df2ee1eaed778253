import type { JsonObject } from "../../../core/values/json.js";
import type { Extensions } from "../../../core/values/message.js";
import { extensionsOf as asExtensions, unknownFields } from "../../shared/common/extensions.js";

/** The family of state in a request: clients of this dialect got it from OpenAI, or from a server that speaks its dialect. */
export const FAMILY = "openai";

const NONE: ReadonlySet<string> = new Set();

/** The remaining fields, as extensions of the dialect. Null counts as absent. */
export function extensionsOf(left: JsonObject): { readonly extensions?: Extensions } {
  return asExtensions("openai-responses", unknownFields(left, NONE));
}
