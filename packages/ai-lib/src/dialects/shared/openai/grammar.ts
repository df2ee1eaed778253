import { asObject, asString } from "../../../core/values/json.js";
import type { Grammar } from "../../../core/values/tool.js";

/** The grammar of a tool that takes text; undefined for one that is not complete. */
export function decodeGrammar(value: unknown): Grammar | undefined {
  const { syntax, definition } = asObject(value) ?? {};
  const text = asString(definition);
  return text !== undefined && (syntax === "lark" || syntax === "regex")
    ? { syntax, definition: text }
    : undefined;
}
