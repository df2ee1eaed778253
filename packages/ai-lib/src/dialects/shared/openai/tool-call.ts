import type { JsonObject } from "../../../core/values/json.js";
import type { ToolCallPart } from "../../../core/values/message.js";

/**
 * A call as an entry of `tool_calls`, as OpenAI and the dialects that followed it write it. Arguments that the token
 * limit cut go out as the text that they are.
 */
export function encodeToolCall(part: ToolCallPart, id: string = part.id): JsonObject {
  const text = part.argumentsText ?? JSON.stringify(part.arguments ?? {});
  return { id, type: "function", function: { name: part.name, arguments: text } };
}
