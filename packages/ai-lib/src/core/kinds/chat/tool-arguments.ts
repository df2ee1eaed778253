import type { ChatRequest } from "../../values/chat-request.js";
import type { ChatResponse } from "../../values/chat-response.js";
import type { Json, JsonObject } from "../../values/json.js";
import { withoutForbiddenNulls } from "../../values/json-schema.js";
import type { ContentPart, ToolCallPart } from "../../values/message.js";

/**
 * A response whose calls have no null where the schema of their tool forbids it: see {@link withoutForbiddenNulls}. The
 * deltas of a stream are the text that the model wrote.
 */
export function withDeclaredArguments(response: ChatResponse, { tools = [] }: ChatRequest): ChatResponse {
  if (response.toolCalls.length === 0 || tools.length === 0) return response;
  const changed = new Map<ContentPart, ToolCallPart>();
  for (const call of response.toolCalls) {
    if (call.arguments === undefined || !hasNull(call.arguments, 0)) continue;
    const tool = tools.find((each) => each.type === "function" && each.name === call.name);
    if (tool?.type !== "function") continue;
    const args = withoutForbiddenNulls(call.arguments, tool.parameters) as JsonObject;
    if (args !== call.arguments) changed.set(call, { ...call, arguments: args });
  }
  if (changed.size === 0) return response;
  const content = response.content.map((part) => changed.get(part) ?? part);
  return {
    ...response,
    content,
    toolCalls: response.toolCalls.map((call) => changed.get(call) ?? call),
    message: { ...response.message, content },
  };
}

/** Levels of nesting that are searched. */
const MAX_DEPTH = 64;

function hasNull(value: Json | undefined, depth: number): boolean {
  if (value === null) return true;
  if (typeof value !== "object" || depth > MAX_DEPTH) return false;
  return Object.values(value).some((inner) => hasNull(inner as Json | undefined, depth + 1));
}
