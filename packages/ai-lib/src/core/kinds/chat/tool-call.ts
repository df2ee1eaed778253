import type { Warning } from "../../values/answer.js";
import { isObject, tryParse } from "../../values/json.js";
import type { ContentPart, ToolCallPart } from "../../values/message.js";

/**
 * A tool call from the raw text of its arguments. An absent, blank or `"null"` text means a call without arguments
 * (Cohere and Anthropic send that for tools that take none). Text that is not a JSON object becomes `argumentsText`:
 * the model wrote malformed JSON, or the token limit cut it.
 */
export function toolCallOf(id: string, name: string, text: string | undefined): ToolCallPart {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "" || trimmed === "null") return { type: "tool-call", id, name, arguments: {} };
  const value = tryParse(trimmed);
  if (isObject(value)) return { type: "tool-call", id, name, arguments: value };
  return { type: "tool-call", id, name, argumentsText: text ?? "" };
}

/**
 * A warning for each call of a finished answer whose arguments are not a JSON object, or whose input is not whole. Such
 * a call does not fail the answer, whose other calls, text and usage are valid.
 */
export function malformedCallWarnings(content: readonly ContentPart[]): Warning[] {
  const warnings: Warning[] = [];
  content.forEach((part, i) => {
    if (part.type !== "tool-call" || part.executedBy !== undefined || part.arguments !== undefined) return;
    if (part.input !== undefined) return;
    const message = `The model called the tool "${part.name}" with arguments that are not a JSON object. Do not run the call: answer it with an error, so that the model can correct it. Its text is in argumentsText`;
    warnings.push({ code: "malformed", message, field: `content.${i}` });
  });
  return warnings;
}
