import type { JsonObject } from "../../../core/values/json.js";
import { mapSchema } from "../../shared/common/schema-walk.js";

/** A schema without some keywords, at every depth. Properties with the name of a keyword remain. */
export function stripKeywords(schema: JsonObject, keywords: readonly string[] | undefined): JsonObject {
  if (keywords === undefined || keywords.length === 0) return schema;
  return mapSchema(schema, (node) => {
    for (const keyword of keywords) delete node[keyword];
    return node;
  });
}
