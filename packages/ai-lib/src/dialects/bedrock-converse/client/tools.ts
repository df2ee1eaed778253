import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { FunctionTool, ProviderTool } from "../../../core/values/tool.js";
import { CLAUDE_STRICT } from "../../shared/common/schema-rules.js";
import { encodeArguments } from "../../shared/common/tool-schema.js";
import { BEDROCK_FAMILY } from "../shared/family.js";
import type { BedrockContext, PlacedBlock } from "./context.js";
import type { EncodedMessages } from "./messages.js";

/** The tools of a request, with their cache points, and whether to call them. */
export interface EncodedTools {
  readonly tools: readonly PlacedBlock[];
  readonly choice?: JsonObject | undefined;
}

/**
 * Tools as `toolConfig`. Bedrock refuses a conversation that used tools if it declares none; then those that it used
 * are declared.
 */
export function encodeTools(
  request: ChatRequest,
  { turns }: EncodedMessages,
  context: BedrockContext,
): EncodedTools {
  const used = usedTools(turns);
  const { toolChoice } = request;
  if (toolChoice === "none" && (request.tools?.length ?? 0) > 0 && used.length === 0) {
    context.changed("toolChoice", "here they are left out");
    return { tools: [] };
  }
  context.marks.area = "tools";
  const tools = (context.tools ?? []).flatMap((tool, i) => {
    if (!context.isOffered(tool)) return [];
    const at = `tools.${i}`;
    const placed =
      tool.type === "function" ? encodeFunction(tool, at, context) : encodeProviderTool(tool, at, context);
    return placed === undefined ? [] : [placed];
  });
  context.marks.area = "messages";
  if (request.parallelToolCalls !== undefined) context.unsupported("parallelToolCalls");
  if (tools.length === 0) {
    if (toolChoice !== undefined) context.unsupported("toolChoice", { reason: "it needs tools" });
    if (used.length > 0) context.changed("tools", { key: "tools.undeclared" });
    return {
      tools: used.map((name) => ({ block: specOf({ name, inputSchema: { json: { type: "object" } } }) })),
    };
  }
  if (toolChoice !== "none") return { tools, choice: encodeChoice(context.choiceOfOffered()) };
  context.unsupported("toolChoice", "here they stay");
  return { tools };
}

function usedTools(turns: EncodedMessages["turns"]): string[] {
  const names = new Set<string>();
  for (const { content } of turns) {
    for (const { block } of content) {
      const call = block["toolUse"] as { readonly name?: unknown; readonly type?: unknown } | undefined;
      if (typeof call?.name === "string" && call.type === undefined) names.add(call.name);
    }
  }
  return [...names];
}

function specOf(toolSpec: JsonObject): JsonObject {
  return { toolSpec };
}

function encodeFunction(tool: FunctionTool, at: string, context: BedrockContext): PlacedBlock {
  const { name, description } = tool;
  const { parameters, strict } = encodeArguments(tool, at, context, CLAUDE_STRICT);
  context.dropToolFields(tool, at);
  // An empty description is refused.
  const spec: JsonObject = {
    name,
    description: description === "" ? undefined : description,
    inputSchema: { json: parameters },
    strict,
  };
  return context.block(specOf(spec), tool, at);
}

function encodeProviderTool(
  tool: ProviderTool,
  at: string,
  context: BedrockContext,
): PlacedBlock | undefined {
  const slash = tool.id.indexOf("/");
  const family = tool.id.slice(0, slash);
  if (family !== BEDROCK_FAMILY && family !== context.target.provider) {
    context.unsupported(at, `"${tool.id}" is not one of them`);
    return undefined;
  }
  const systemTool: JsonObject = { name: tool.id.slice(slash + 1), ...tool.options };
  return context.block({ systemTool }, { cache: tool.cache }, at);
}

function encodeChoice(choice: ReturnType<BedrockContext["choiceOfOffered"]>): JsonObject | undefined {
  if (choice === undefined || choice === "none") return undefined;
  if (choice === "auto") return { auto: {} };
  return choice === "required" ? { any: {} } : { tool: { name: choice.name } };
}
