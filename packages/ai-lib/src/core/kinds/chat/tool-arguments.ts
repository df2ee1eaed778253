import type { ChatRequest } from "../../values/chat-request.js";
import type { ChatResponse } from "../../values/chat-response.js";
import type { Json, JsonObject } from "../../values/json.js";
import { withoutForbiddenNulls } from "../../values/json-schema.js";
import type { ContentPart, ToolCallPart } from "../../values/message.js";
import type { Tool } from "../../values/tool.js";
import { textCallOf } from "./text-input.js";

/**
 * A response whose calls follow the declarations of the request's tools: without nulls that a schema forbids (see
 * {@link withoutForbiddenNulls}), and with the input of a text tool if a function represented it. The deltas of a
 * stream are the unchanged text of the model.
 */
export function withDeclaredArguments(response: ChatResponse, { tools = [] }: ChatRequest): ChatResponse {
  if (response.toolCalls.length === 0 || tools.length === 0) return response;
  const changed = new Map<ContentPart, ToolCallPart>();
  for (const call of response.toolCalls) {
    if (call.arguments === undefined) continue;
    const tool = tools.find((each) => each.type !== "provider" && each.name === call.name);
    const declared = tool === undefined ? call : asDeclared(call, call.arguments, tool);
    if (declared !== call) changed.set(call, declared);
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

function asDeclared(call: ToolCallPart, given: JsonObject, tool: Tool): ToolCallPart {
  if (tool.type === "text-tool") return textCallOf(call);
  if (tool.type === "provider" || !hasNull(given, 0)) return call;
  const args = withoutForbiddenNulls(given, tool.parameters) as JsonObject;
  return args === given ? call : { ...call, arguments: args };
}

/** Levels of nesting that are searched. */
const MAX_DEPTH = 64;

function hasNull(value: Json | undefined, depth: number): boolean {
  if (value === null) return true;
  if (typeof value !== "object" || depth > MAX_DEPTH) return false;
  return Object.values(value).some((inner) => hasNull(inner as Json | undefined, depth + 1));
}
