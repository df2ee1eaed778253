import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { FunctionTool, ProviderTool } from "../../../core/values/tool.js";
import { CLAUDE_STRICT } from "../../shared/common/schema-rules.js";
import { encodeArguments } from "../../shared/common/tool-schema.js";
import { TOOL_BETAS } from "../shared/betas.js";
import { codeCaller, toolNameOf } from "../shared/tools.js";
import type { AnthropicContext } from "./context.js";

/** The tools of a request, and whether to call them. */
export interface EncodedTools {
  readonly tools?: readonly JsonObject[];
  readonly choice?: JsonObject | undefined;
}

/** Tools as `tools` and `tool_choice`. */
export function encodeTools(request: ChatRequest, context: AnthropicContext): EncodedTools {
  const tools: MutableJson[] = [];
  context.marks.area = "tools";
  context.tools?.forEach((tool, i) => {
    if (!context.isOffered(tool)) return;
    const at = `tools.${i}`;
    const encoded =
      tool.type === "function" ? encodeFunction(tool, at, context) : encodeProviderTool(tool, at, context);
    if (encoded !== undefined) tools.push(encoded);
  });
  context.marks.area = "messages";
  if (tools.length === 0) {
    if (request.toolChoice !== undefined) context.unsupported("toolChoice");
    if (request.parallelToolCalls !== undefined) context.unsupported("parallelToolCalls");
    return {};
  }
  return { tools, choice: encodeChoice(request, context) };
}

function encodeFunction(tool: FunctionTool, at: string, context: AnthropicContext): MutableJson {
  const { name, description } = tool;
  const { parameters, strict } = encodeArguments(tool, at, context, CLAUDE_STRICT);
  context.dropToolFields(tool, at, "examples", "deferLoading", "eager", "callers");
  const encoded = {
    name,
    description,
    input_schema: parameters,
    strict,
    input_examples: tool.examples,
    defer_loading: tool.deferLoading,
    eager_input_streaming: tool.eager,
    allowed_callers: tool.callers?.map((caller) =>
      caller === "code" ? codeCaller(context.tools) : "direct",
    ),
  };
  return context.block(encoded, tool, at);
}

function encodeProviderTool(
  tool: ProviderTool,
  at: string,
  context: AnthropicContext,
): MutableJson | undefined {
  const slash = tool.id.indexOf("/");
  const family = tool.id.slice(0, slash);
  const type = tool.id.slice(slash + 1);
  if (family !== context.family && family !== context.target.provider && family !== "anthropic-messages") {
    context.unsupported(at, `"${tool.id}" is not one of them`);
    return undefined;
  }
  const beta = TOOL_BETAS.get(type);
  if (beta !== undefined) context.betas.add(beta);
  const encoded: MutableJson = { type, name: toolNameOf(type), ...tool.options };
  return context.block(encoded, { cache: tool.cache }, at);
}

function encodeChoice({ parallelToolCalls }: ChatRequest, context: AnthropicContext): JsonObject | undefined {
  const toolChoice = context.choiceOfOffered();
  if (toolChoice === undefined && parallelToolCalls === undefined) return undefined;
  // With "none" there are no calls that could be parallel, and the API refuses the field.
  if (toolChoice === "none") return { type: "none" };
  const disable_parallel_tool_use = parallelToolCalls === undefined ? undefined : !parallelToolCalls;
  if (toolChoice === undefined || toolChoice === "auto") return { type: "auto", disable_parallel_tool_use };
  if (toolChoice === "required") return { type: "any", disable_parallel_tool_use };
  return { type: "tool", name: toolChoice.name, disable_parallel_tool_use };
}
