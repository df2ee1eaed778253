import type { JsonObject } from "../../../core/values/json.js";
import { toOpenApiSchema } from "../shared/schema.js";
import type { GeminiContext } from "./context.js";

/** A schema in the OpenAPI subset, with a warning about the keywords that the subset does not have. */
export function encodeOpenApi(
  schema: JsonObject,
  at: string,
  context: GeminiContext,
): JsonObject | undefined {
  const lost = new Set<string>();
  const encoded = toOpenApiSchema(schema, lost);
  if (lost.size > 0)
    context.changed(at, { reason: `the OpenAPI subset has no ${[...lost].sort().join(", ")}` });
  return encoded;
}
