import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { Json, JsonObject } from "../../../core/values/json.js";
import type { Tool, ToolChoice } from "../../../core/values/tool.js";
import { TOOL_FAMILY } from "../shared/calls.js";
import type { OpenAIResponsesContext } from "./context.js";

/** The tools of a request, and which to call. */
export function encodeTools(
  { tools, toolChoice }: ChatRequest,
  context: OpenAIResponsesContext,
): { readonly tools: JsonObject[] | undefined; readonly choice: Json | undefined } {
  const encoded: JsonObject[] = [];
  tools?.forEach((tool, i) => {
    const json = encodeTool(tool, `tools.${i}`, context);
    if (json !== undefined) encoded.push(json);
  });
  return {
    tools: tools === undefined ? undefined : encoded,
    choice: toolChoice === undefined ? undefined : encodeChoice(toolChoice, tools ?? []),
  };
}

/** A tool of a provider is its type, with its options beside it. */
function encodeTool(tool: Tool, at: string, context: OpenAIResponsesContext): JsonObject | undefined {
  if (tool.cache !== undefined) context.dropMark(at);
  if (tool.type === "provider") {
    const slash = tool.id.indexOf("/");
    const owner = tool.id.slice(0, slash);
    if ([TOOL_FAMILY, context.family, context.target.provider].includes(owner))
      return { ...tool.options, type: tool.id.slice(slash + 1) };
    context.unsupported(at, `"${tool.id}" is not one of them`);
    return undefined;
  }
  const { name, description, parameters } = tool;
  const strict = context.quirks.noStrictTools === true ? undefined : tool.strict;
  if (strict !== tool.strict)
    context.unsupported(`${at}.strict`, { reason: "this endpoint has no strict tools" });
  return context.extended({ type: "function", name, description, parameters, strict }, tool.extensions);
}

function encodeChoice(choice: ToolChoice, tools: readonly Tool[]): Json {
  if (typeof choice === "string") return choice;
  const custom = tools.some(
    (tool) =>
      tool.type === "provider" && tool.id.endsWith("/custom") && tool.options?.["name"] === choice.name,
  );
  return { type: custom ? "custom" : "function", name: choice.name };
}
