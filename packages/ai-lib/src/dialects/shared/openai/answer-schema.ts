import type { ResponseFormat } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import { hasObjectRoot } from "../../../core/values/json-schema.js";
import type { EncodeContext } from "../common/encode-context.js";
import type { SchemaRules } from "../common/schema-rules.js";
import { fitAnswer } from "../common/tool-schema.js";

type SchemaFormat = Extract<ResponseFormat, { readonly type: "json-schema" }>;

/**
 * The schema of an answer. A strict one is fitted to the rules of the endpoint.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a root that is not an object, which OpenAI refuses ("schema must be a
 *   JSON Schema of 'type: \"object\"'"), and for a strict schema that cannot be fitted.
 */
export function encodeAnswer(
  { schema, strict }: SchemaFormat,
  context: EncodeContext,
  rules: SchemaRules | undefined,
): JsonObject {
  const at = "responseFormat.schema";
  if (!hasObjectRoot(schema))
    context.refuse(at, {
      reason:
        "its root must be an object, not a union; client.object() wraps any other root and unwraps the answer",
    });
  return strict === true && rules !== undefined ? fitAnswer(schema, at, rules, context) : schema;
}
