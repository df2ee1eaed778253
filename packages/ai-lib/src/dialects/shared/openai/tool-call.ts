import type { JsonObject } from "../../../core/values/json.js";
import type { ToolCallPart } from "../../../core/values/message.js";
import { wellFormedJson } from "../common/well-formed.js";

/**
 * A call as an entry of `tool_calls`, in the form of OpenAI and the dialects that follow it. Arguments that the token
 * limit cut are sent as text.
 */
export function encodeToolCall(part: ToolCallPart, id: string = part.id): JsonObject {
  if (part.input !== undefined) return { id, type: "custom", custom: { name: part.name, input: part.input } };
  const text = part.argumentsText ?? wellFormedJson(part.arguments ?? {});
  return { id, type: "function", function: { name: part.name, arguments: text } };
}
