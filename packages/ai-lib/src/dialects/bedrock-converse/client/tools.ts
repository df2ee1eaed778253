import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { FunctionTool, ProviderTool } from "../../../core/values/tool.js";
import { closedSchema } from "../../shared/common/closed-schema.js";
import { BEDROCK_FAMILY } from "../shared/family.js";
import type { EncodeContext, Placed } from "./context.js";
import type { EncodedMessages } from "./messages.js";
import { toolName } from "./parts.js";

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** The tools of a request, with their cache points, and whether to call them. */
export interface EncodedTools {
  readonly tools: readonly Placed[];
  readonly choice?: JsonObject;
}

/**
 * Tools as `toolConfig`. A conversation that used tools is refused without any, so that then those it used are
 * declared again.
 */
export function encodeTools(
  request: ChatRequest,
  { turns }: EncodedMessages,
  context: EncodeContext,
): EncodedTools {
  const { losses } = context;
  const used = usedTools(turns);
  const { toolChoice } = request;
  // There is no "none": without a conversation that needs them, the tools are left out.
  if (toolChoice === "none" && (request.tools?.length ?? 0) > 0 && used.length === 0) {
    losses.changed("toolChoice", 'Bedrock has no "none"; the tools are left out');
    return { tools: [] };
  }
  context.marks.area = "tools";
  const tools = (request.tools ?? []).flatMap((tool, i) => {
    const placed =
      tool.type === "function"
        ? functionTool(tool, `tools.${i}`, context)
        : providerTool(tool, `tools.${i}`, context);
    return placed === undefined ? [] : [placed];
  });
  context.marks.area = "messages";
  if (request.parallelToolCalls !== undefined)
    losses.unsupported("parallelToolCalls", "Bedrock lets the model decide");
  if (tools.length === 0) {
    if (toolChoice !== undefined) losses.unsupported("toolChoice", "it needs tools");
    if (used.length > 0)
      losses.changed(
        "tools",
        "the conversation used tools, which have to be declared; they are, without a description",
      );
    return {
      tools: used.map((name) => ({ block: spec({ name, inputSchema: { json: { type: "object" } } }) })),
    };
  }
  if (toolChoice === "none") {
    losses.unsupported("toolChoice", 'Bedrock has no "none", and the conversation used tools');
    return { tools };
  }
  const choice = choiceOf(toolChoice);
  return { tools, ...(choice === undefined ? {} : { choice }) };
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

function spec(toolSpec: JsonObject): JsonObject {
  return { toolSpec };
}

function functionTool(tool: FunctionTool, at: string, context: EncodeContext): Placed {
  if (!NAME.test(tool.name))
    throw context.refuse(
      `\`${at}.name\`: Bedrock takes letters, digits, "_" and "-", 64 at most; call it "${toolName(tool.name)}"`,
    );
  const open = "type" in tool.parameters ? tool.parameters : { type: "object", ...tool.parameters };
  const json = tool.strict === true ? closedSchema(open, `${at}.parameters`, context.losses) : open;
  return context.place(
    spec({
      name: tool.name,
      // An empty description is refused.
      ...((tool.description ?? "") === "" ? {} : { description: tool.description }),
      inputSchema: { json },
      ...(tool.strict === undefined ? {} : { strict: tool.strict }),
    }),
    tool,
    at,
  );
}

function providerTool(tool: ProviderTool, at: string, context: EncodeContext): Placed | undefined {
  const slash = tool.id.indexOf("/");
  const family = tool.id.slice(0, slash);
  if (family !== BEDROCK_FAMILY && family !== context.target.provider) {
    context.losses.unsupported(
      at,
      `"${tool.id}" is no tool that Bedrock runs; a model's own go into extensions.additionalModelRequestFields`,
    );
    return undefined;
  }
  const systemTool: JsonObject = { name: tool.id.slice(slash + 1), ...tool.options };
  return context.place({ systemTool }, { cache: tool.cache }, at);
}

function choiceOf(choice: ChatRequest["toolChoice"]): JsonObject | undefined {
  if (choice === undefined || choice === "none") return undefined;
  if (choice === "auto") return { auto: {} };
  return choice === "required" ? { any: {} } : { tool: { name: choice.name } };
}
