import type { ChatRequest } from "../../../core/values/chat-request.js";
import {
  asObject,
  asString,
  type Json,
  type JsonObject,
  type MutableJson,
  mergeDeep,
} from "../../../core/values/json.js";
import type { FunctionTool, ProviderTool, TextTool, Tool } from "../../../core/values/tool.js";
import { STRICT_RULES } from "../../shared/common/schema-rules.js";
import { encodeArguments, withItems } from "../../shared/common/tool-schema.js";
import type { OpenAIChatContext } from "./context.js";
import { stripKeywords } from "./schema.js";

/** The tools of a request, and whether to call them. */
export function encodeTools(request: ChatRequest, context: OpenAIChatContext): JsonObject {
  const { parallelToolCalls } = request;
  const { quirks } = context;
  const body: MutableJson = {};
  const tools: JsonObject[] = [];
  const given: readonly Tool[] = (quirks.customTools === true ? request.tools : context.tools) ?? [];
  given.forEach((tool, i) => {
    if (quirks.allowedTools !== true && !context.isOffered(tool)) return;
    const at = `tools.${i}`;
    const encoded = encodeTool(tool, at, body, context);
    if (encoded !== undefined) tools.push({ ...encoded, ...context.cacheControl(tool.cache, at) });
  });
  if (quirks.maxTools !== undefined && tools.length > quirks.maxTools)
    context.refuse("tools", {
      reason: `there are ${tools.length}, and a request has at most ${quirks.maxTools}`,
    });
  if (tools.length > 0) {
    if (quirks.omit?.includes("tools") === true)
      context.unsupported("tools", { reason: "this model accepts no tools" });
    else body["tools"] = tools;
  }
  const offered = body["tools"] !== undefined;
  encodeChoice(request, offered, body, context);
  if (parallelToolCalls !== undefined) {
    if (quirks.omit?.includes("parallelToolCalls") === true)
      context.unsupported("parallelToolCalls", { reason: "this endpoint does not accept it" });
    // "'parallel_tool_calls' is only allowed when 'tools' are specified".
    else if (offered) body["parallel_tool_calls"] = parallelToolCalls;
    else context.unsupported("parallelToolCalls");
  }
  return body;
}

function encodeTool(
  tool: Tool,
  at: string,
  body: MutableJson,
  context: OpenAIChatContext,
): JsonObject | undefined {
  switch (tool.type) {
    case "function":
      return encodeFunction(tool, at, context);
    case "text-tool":
      return encodeTextTool(tool, at, context);
    case "provider":
      return encodeProviderTool(tool, at, body, context);
    default: {
      const never: never = tool;
      throw new TypeError(`Unknown tool ${JSON.stringify(never)}`);
    }
  }
}

/** https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools */
function encodeTextTool(tool: TextTool, at: string, context: OpenAIChatContext): JsonObject {
  const { name, description, grammar } = tool;
  context.dropToolFields(tool, at);
  const format: JsonObject =
    grammar === undefined ? { type: "text" } : { type: "grammar", grammar: { ...grammar } };
  return context.extended({ type: "custom", custom: { name, description, format } }, tool.extensions);
}

function encodeFunction(tool: FunctionTool, at: string, context: OpenAIChatContext): JsonObject {
  const { name, description } = tool;
  context.dropToolFields(tool, at);
  const { noStrictTools, strictSchemas = "openai", stripSchemaKeywords } = context.quirks;
  if (tool.strict !== undefined && noStrictTools === true)
    context.unsupported(`${at}.strict`, { reason: "this endpoint has no strict tools" });
  const rules = noStrictTools === true ? undefined : STRICT_RULES[strictSchemas];
  const { parameters, strict } = encodeArguments(tool, at, context, rules);
  const encoded = {
    type: "function",
    function: {
      name,
      description,
      parameters: stripKeywords(withItems(parameters), stripSchemaKeywords),
      strict: noStrictTools === true ? undefined : strict,
    },
  };
  return context.extended(encoded, tool.extensions);
}

/** @param body receives a tool that is a field of the body. */
function encodeProviderTool(
  tool: ProviderTool,
  at: string,
  body: MutableJson,
  context: OpenAIChatContext,
): JsonObject | undefined {
  const form = context.quirks.providerTools?.[tool.id];
  if (form !== undefined && "field" in form) {
    body[form.field] = tool.options ?? {};
    return undefined;
  }
  if (form !== undefined) return mergeDeep(form.tool, tool.options ?? {});
  const slash = tool.id.indexOf("/");
  const family = tool.id.slice(0, slash);
  if (family === context.target.provider || family === "openai-chat")
    return { type: tool.id.slice(slash + 1), ...tool.options };
  context.unsupported(at, `"${tool.id}" is not one of them`);
  return undefined;
}

function encodeChoice(
  { toolChoice }: ChatRequest,
  offered: boolean,
  body: MutableJson,
  context: OpenAIChatContext,
): void {
  if (typeof toolChoice === "object" && "names" in toolChoice && context.quirks.allowedTools === true) {
    const { names, mode = "auto" } = toolChoice;
    const tools = names.map((name) => encodeNamed(name, context));
    if (offered) body["tool_choice"] = { type: "allowed_tools", allowed_tools: { mode, tools } };
    else context.unsupported("toolChoice");
    return;
  }
  const choice = context.choiceOfOffered();
  if (choice === undefined) return;
  const kind = typeof choice === "string" ? choice : "named";
  if (!offered) {
    // Without tools, "none" and "auto" mean nothing, and OpenAI refuses the field.
    if (kind !== "none" && kind !== "auto") context.unsupported("toolChoice");
    return;
  }
  const { toolChoices } = context.quirks;
  if (toolChoices === undefined || toolChoices.includes(kind)) {
    const encoded: Json = typeof choice === "string" ? choice : encodeNamed(choice.name, context);
    body["tool_choice"] = encoded;
  } else if (kind === "none") {
    context.changed("toolChoice", { reason: 'this endpoint has no "none"; the tools are left out' });
    delete body["tools"];
  } else if (typeof choice === "object") {
    const tools = body["tools"] as readonly JsonObject[];
    const only = tools.filter((tool) => nameOf(tool) === choice.name);
    if (only.length > 0) body["tools"] = only;
    const forced = toolChoices.includes("required");
    if (forced) body["tool_choice"] = "required";
    const sent = only.length > 0 ? "only that tool is offered" : "all tools are offered";
    context.changed("toolChoice", {
      reason: `this endpoint accepts no named tool: ${sent}${forced ? ', with "required"' : ""}`,
    });
  } else context.unsupported("toolChoice", { reason: "this endpoint chooses by itself which tool to call" });
}

function encodeNamed(name: string, context: OpenAIChatContext): JsonObject {
  return context.isTextTool(name)
    ? { type: "custom", custom: { name } }
    : { type: "function", function: { name } };
}

function nameOf(tool: JsonObject): string | undefined {
  return asString(asObject(tool["function"] ?? tool["custom"])?.["name"]);
}
