import type { ToolCallPart } from "../../../core/values/message.js";

/**
 * A call with arguments: without any where those that the model wrote are no JSON object. Servers parse the arguments of
 * a history, and the result that follows says what was wrong.
 */
export function withArguments(part: ToolCallPart): ToolCallPart {
  if (part.arguments !== undefined || part.input !== undefined) return part;
  const { argumentsText: _text, ...call } = part;
  return { ...call, arguments: {} };
}
