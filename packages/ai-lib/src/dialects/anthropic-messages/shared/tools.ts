import type { ChatRequest } from "../../../core/values/chat-request.js";
import {
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { FunctionTool, ProviderTool, Tool, ToolChoice } from "../../../core/values/tool.js";
import { closedSchema } from "../../shared/common/closed-schema.js";
import type { EncodeContext } from "../client/context.js";
import { TOOL_BETAS } from "./betas.js";
import { markOf } from "./cache.js";

/** Names that do not follow from the type. https://platform.claude.com/docs/en/agents-and-tools/tool-use/text-editor-tool */
const TOOL_NAMES: ReadonlyMap<string, string> = new Map([
  ["text_editor_20241022", "str_replace_editor"],
  ["text_editor_20250124", "str_replace_editor"],
  ["text_editor_20250429", "str_replace_based_edit_tool"],
  ["text_editor_20250728", "str_replace_based_edit_tool"],
]);

/** The tools of a request and whether to call them. */
export function encodeTools(request: ChatRequest, context: EncodeContext): MutableJson {
  const { losses } = context;
  const tools: MutableJson[] = [];
  context.marks.area = "tools";
  request.tools?.forEach((tool, i) => {
    const encoded =
      tool.type === "function"
        ? functionTool(tool, `tools.${i}`, context)
        : providerTool(tool, `tools.${i}`, context);
    if (encoded !== undefined) tools.push(encoded);
  });
  context.marks.area = "messages";
  if (tools.length === 0) {
    if (request.toolChoice !== undefined) losses.unsupported("toolChoice", "it needs tools");
    if (request.parallelToolCalls !== undefined) losses.unsupported("parallelToolCalls", "it needs tools");
    return {};
  }
  const choice = encodeChoice(request);
  return { tools, ...(choice === undefined ? {} : { tool_choice: choice }) };
}

function functionTool(tool: FunctionTool, at: string, context: EncodeContext): MutableJson {
  const open = "type" in tool.parameters ? tool.parameters : { type: "object", ...tool.parameters };
  const schema = tool.strict === true ? closedSchema(open, `${at}.parameters`, context.losses) : open;
  return context.finish(
    {
      name: tool.name,
      ...(tool.description === undefined ? {} : { description: tool.description }),
      input_schema: schema,
      ...(tool.strict === undefined ? {} : { strict: tool.strict }),
    },
    tool,
    at,
  );
}

function providerTool(tool: ProviderTool, at: string, context: EncodeContext): MutableJson | undefined {
  const slash = tool.id.indexOf("/");
  const family = tool.id.slice(0, slash);
  const type = tool.id.slice(slash + 1);
  if (family !== context.family && family !== context.target.provider && family !== "anthropic-messages") {
    context.losses.unsupported(at, `"${tool.id}" is no tool of ${context.family}`);
    return undefined;
  }
  const beta = TOOL_BETAS.get(type);
  if (beta !== undefined) context.betas.add(beta);
  const name = nameOf(type);
  const encoded: MutableJson = { type, ...(name === undefined ? {} : { name }), ...tool.options };
  return context.finish(encoded, { cache: tool.cache }, at);
}

/** `web_search_20250305` is called `web_search`; a toolset has no name. */
function nameOf(type: string): string | undefined {
  const known = TOOL_NAMES.get(type);
  if (known !== undefined) return known;
  const dated = /^(.+)_\d{8}$/.exec(type)?.[1];
  return dated === undefined || dated.endsWith("_toolset") ? undefined : dated;
}

function encodeChoice({ toolChoice, parallelToolCalls }: ChatRequest): MutableJson | undefined {
  if (toolChoice === undefined && parallelToolCalls === undefined) return undefined;
  // "none" has no calls that could be parallel, and refuses the field.
  if (toolChoice === "none") return { type: "none" };
  const choice: MutableJson =
    toolChoice === undefined || toolChoice === "auto"
      ? { type: "auto" }
      : toolChoice === "required"
        ? { type: "any" }
        : { type: "tool", name: toolChoice.name };
  if (parallelToolCalls !== undefined) choice["disable_parallel_tool_use"] = !parallelToolCalls;
  return choice;
}

/** A tool of a request body: one, or none for what is no tool. */
export function decodeTool(value: unknown): readonly Tool[] {
  if (!isObject(value)) return [];
  const { cache_control: mark, ...rest } = value;
  const cache = markOf(mark);
  const marked = cache === undefined ? {} : { cache };
  const type = asString(value["type"]);
  if (type !== undefined && type !== "custom") {
    const { type: _type, ...options } = rest;
    const shown = options["name"] === nameOf(type) ? without(options, "name") : options;
    const given = Object.keys(shown).length === 0 ? {} : { options: shown };
    return [{ type: "provider", id: `anthropic/${type}`, ...given, ...marked }];
  }
  const { name, description, input_schema: schema, strict, type: _type, ...fields } = rest;
  const tool: FunctionTool = {
    type: "function",
    name: asString(name) ?? "",
    ...(typeof description === "string" ? { description } : {}),
    parameters: asObject(schema) ?? {},
    ...(typeof strict === "boolean" ? { strict } : {}),
    ...marked,
    ...(Object.keys(fields).length === 0 ? {} : { extensions: { "anthropic-messages": fields } }),
  };
  return [tool];
}

function without(value: JsonObject, key: string): JsonObject {
  const { [key]: _left, ...rest } = value;
  return rest;
}

/** `tool_choice` of a request body. */
export function decodeChoice(value: unknown): {
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
} {
  if (!isObject(value)) return {};
  const { type, name, disable_parallel_tool_use: disabled } = value;
  const parallel = typeof disabled === "boolean" ? { parallelToolCalls: !disabled } : {};
  switch (type) {
    case "auto":
    case "none":
      return { toolChoice: type, ...parallel };
    case "any":
      return { toolChoice: "required", ...parallel };
    case "tool":
      return { toolChoice: { name: asString(name) ?? "" }, ...parallel };
    default:
      return parallel;
  }
}
