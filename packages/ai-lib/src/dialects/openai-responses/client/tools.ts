import type { ChatRequest } from "../../../core/values/chat-request.js";
import { asObject, asString, type Json, type JsonObject } from "../../../core/values/json.js";
import type { FunctionTool, TextTool, Tool, ToolChoice } from "../../../core/values/tool.js";
import { STRICT_RULES } from "../../shared/common/schema-rules.js";
import { encodeArguments, withItems } from "../../shared/common/tool-schema.js";
import { TOOL_FAMILY } from "../shared/calls.js";
import { nameOf, ownFields } from "../shared/tools.js";
import type { OpenAIResponsesContext } from "./context.js";

/** The tools of a request, and which to call. */
export function encodeTools(
  { tools: given, toolChoice }: ChatRequest,
  context: OpenAIResponsesContext,
): { readonly tools: JsonObject[] | undefined; readonly choice: Json | undefined } {
  const tools: readonly Tool[] | undefined = context.ownTools ? given : context.tools;
  const encoded: JsonObject[] = [];
  /** The tools of each namespace so far. */
  const groups = new Map<string, JsonObject[]>();
  tools?.forEach((tool, i) => {
    const json = encodeTool(tool, `tools.${i}`, context);
    if (json === undefined) return;
    const { function: _name, ...namespace } = namespaceOf(tool, context) ?? {};
    const name = asString(namespace["name"]);
    const group = name === undefined ? encoded : groups.get(name);
    if (group !== undefined) group.push(json);
    else if (name !== undefined) {
      const members = [json];
      groups.set(name, members);
      encoded.push({ type: "namespace", ...namespace, tools: members });
    }
  });
  return {
    tools: tools === undefined ? undefined : encoded,
    choice: toolChoice === undefined ? undefined : encodeChoice(toolChoice, tools ?? [], context),
  };
}

/** The namespace of a tool, from which a server half of this dialect took it. Only OpenAI has namespaces. */
function namespaceOf(tool: Tool, context: OpenAIResponsesContext): JsonObject | undefined {
  return context.ownTools ? asObject(ownFields(tool)?.["namespace"]) : undefined;
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
  const { description } = tool;
  const name = asString(namespaceOf(tool, context)?.["function"]) ?? tool.name;
  if (tool.type === "text-tool") {
    const format = tool.grammar === undefined ? { type: "text" } : { type: "grammar", ...tool.grammar };
    const encoded = { type: "custom", name, description, format, ...encodeOwn(tool) };
    return withoutNamespace(context.extended(encoded, tool.extensions));
  }
  const { noStrictTools, strictSchemas = "openai" } = context.quirks;
  const lax = noStrictTools === true;
  if (lax && tool.strict !== undefined)
    context.unsupported(`${at}.strict`, { reason: "this endpoint has no strict tools" });
  const { parameters, strict } = encodeArguments(
    tool,
    at,
    context,
    lax ? undefined : STRICT_RULES[strictSchemas],
  );
  if (context.ownTools) context.dropToolFields(tool, at, "outputSchema", "deferLoading", "callers", "async");
  else context.dropToolFields(tool, at);
  const encoded = {
    type: "function",
    name,
    description,
    parameters: withItems(parameters),
    output_schema: context.ownTools ? tool.outputSchema : undefined,
    ...(context.ownTools ? encodeOwn(tool) : {}),
    // The default is true, under which optional arguments come as null:
    // https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools
    strict: lax ? undefined : strict === true,
  };
  return withoutNamespace(context.extended(encoded, tool.extensions));
}

/** Fields that only OpenAI's own endpoint accepts. https://platform.openai.com/docs/api-reference/responses/create */
function encodeOwn({ deferLoading, callers, async }: FunctionTool | TextTool): JsonObject {
  return {
    defer_loading: deferLoading,
    allowed_callers: callers?.map((caller) => (caller === "code" ? "programmatic" : "direct")),
    async,
  };
}

function withoutNamespace({ namespace: _namespace, ...fields }: JsonObject): JsonObject {
  return fields;
}

function encodeChoice(
  choice: ToolChoice,
  tools: readonly Tool[],
  context: OpenAIResponsesContext,
): Json | undefined {
  if (tools.length === 0) return context.choiceOfOffered();
  if (context.quirks.omit?.includes("toolChoice") === true) {
    if (choice !== "auto") context.unsupported("toolChoice", { reason: "this endpoint does not accept it" });
    return undefined;
  }
  if (typeof choice === "string") return choice;
  // https://platform.openai.com/docs/guides/function-calling#tool-choice
  if ("names" in choice)
    return {
      type: "allowed_tools",
      mode: choice.mode ?? "auto",
      tools: choice.names.map((name) => encodeNamed(name, tools, context)),
    };
  return encodeNamed(choice.name, tools, context);
}

function encodeNamed(wanted: string, tools: readonly Tool[], context: OpenAIResponsesContext): JsonObject {
  const tool = tools.find((one) => nameOf(one) === wanted);
  const custom = tool !== undefined && context.isCustom(tool);
  const namespace = tool === undefined ? undefined : namespaceOf(tool, context);
  const name = asString(namespace?.["function"]) ?? wanted;
  return { type: custom ? "custom" : "function", name, namespace: asString(namespace?.["name"]) };
}
