import type { ToolCallPart } from "../../../core/values/message.js";

/**
 * A call that can be sent back: without arguments if those that the model wrote are not a JSON object, because servers
 * parse the arguments in a history. The result of the call says what was wrong.
 */
export function withArguments(part: ToolCallPart): ToolCallPart {
  if (part.arguments !== undefined || part.input !== undefined) return part;
  const { argumentsText: _text, ...call } = part;
  return { ...call, arguments: {} };
}
