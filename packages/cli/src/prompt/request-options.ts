import type { ChatRequest } from "ai-lib";
import { usageError } from "../errors.js";
import { isObject, tryParse } from "../json.js";

/** Fields that options of their own set. */
const TAKEN: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "tools",
  "__proto__",
  "constructor",
  "prototype",
]);

/**
 * Parses `-o name=value` options into fields of a request: `temperature=0.2`, `reasoning.effort=high`,
 * `stop=["END"]`. Names may be written in snake case (`max_tokens`). A value is JSON where it can be, else text.
 * @throws {AiLibError} `CONFIG_ERROR` for an option without `=`, and for a field that another option sets.
 */
export function parseRequestOptions(options: readonly string[]): Partial<ChatRequest> {
  const fields: Record<string, unknown> = {};
  for (const option of options) {
    const at = option.indexOf("=");
    const path = option.slice(0, Math.max(0, at)).trim().split(".").map(toCamelCase);
    if (at <= 0 || path.some((name) => name === "" || TAKEN.has(name)))
      throw usageError(
        `-o takes a field of the request and its value, such as temperature=0.2, not "${option}"`,
      );
    const text = option.slice(at + 1);
    setField(fields, path, tryParse(text) ?? text);
  }
  return fields;
}

function setField(fields: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let holder = fields;
  for (const name of path.slice(0, -1)) {
    const inner = holder[name];
    const next: Record<string, unknown> = isObject(inner) ? { ...inner } : {};
    holder[name] = next;
    holder = next;
  }
  holder[path.at(-1) ?? ""] = value;
}

function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
