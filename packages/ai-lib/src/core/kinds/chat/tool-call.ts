import { AiLibError } from "../../errors/error.js";
import { isObject, tryParse } from "../../values/json.js";
import type { ToolCallPart } from "../../values/message.js";

/**
 * A tool call from the raw text of its arguments. An absent, blank or `"null"` text means a call without
 * arguments (Cohere and Anthropic send that for tools that take none).
 * @param cut the answer ended at the token limit: text that is no object is then kept as `argumentsText`.
 * @throws {AiLibError} `INVALID_RESPONSE` where the text is no JSON object and the answer was not cut.
 */
export function toolCallOf(id: string, name: string, text: string | undefined, cut: boolean): ToolCallPart {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "" || trimmed === "null") return { type: "tool-call", id, name, arguments: {} };
  const value = tryParse(trimmed);
  if (isObject(value)) return { type: "tool-call", id, name, arguments: value };
  if (cut) return { type: "tool-call", id, name, argumentsText: text ?? "" };
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The model called the tool "${name}" with arguments that are no JSON object`,
    body: trimmed.slice(0, 2000),
  });
}
