import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { FunctionTool, Tool, ToolCaller, ToolChoice } from "../../../core/values/tool.js";
import { markOf } from "./cache.js";

/** Names that do not follow from the type. https://platform.claude.com/docs/en/agents-and-tools/tool-use/text-editor-tool */
const TOOL_NAMES: ReadonlyMap<string, string> = new Map([
  ["text_editor_20241022", "str_replace_editor"],
  ["text_editor_20250124", "str_replace_editor"],
  ["text_editor_20250429", "str_replace_based_edit_tool"],
  ["text_editor_20250728", "str_replace_based_edit_tool"],
]);

/** The name that a tool of a type has: `web_search_20250305` is `web_search`; a toolset has none. */
export function toolNameOf(type: string): string | undefined {
  const known = TOOL_NAMES.get(type);
  if (known !== undefined) return known;
  const dated = /^(.+)_\d{8}$/.exec(type)?.[1];
  return dated === undefined || dated.endsWith("_toolset") ? undefined : dated;
}

/** How code that Anthropic runs calls a tool: by the version of the code execution of the request. */
export function codeCaller(tools: readonly Tool[] | undefined): string {
  for (const tool of tools ?? []) {
    const type = tool.type === "provider" ? tool.id.slice(tool.id.indexOf("/") + 1) : "";
    if (type.startsWith(CODE)) return type;
  }
  return `${CODE}20260120`;
}

const CODE = "code_execution_";

/** `allowed_callers`; undefined for a list with a word that the contract lacks. */
function decodeCallers(value: unknown): readonly ToolCaller[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const callers: ToolCaller[] = [];
  for (const word of value as unknown[]) {
    if (word === "direct") callers.push("model");
    else if (typeof word === "string" && word.startsWith(CODE)) callers.push("code");
    else return undefined;
  }
  return callers;
}

/** The tool of an entry in a request body; none for an entry that is not a tool. */
export function decodeTool(value: unknown): readonly Tool[] {
  if (!isObject(value)) return [];
  const { cache_control: mark, ...rest } = value;
  const cache = markOf(mark);
  const marked = cache === undefined ? {} : { cache };
  const type = asString(value["type"]);
  if (type !== undefined && type !== "custom") {
    const { type: _type, ...options } = rest;
    const shown = options["name"] === toolNameOf(type) ? without(options, "name") : options;
    const given = Object.keys(shown).length === 0 ? {} : { options: shown };
    return [{ type: "provider", id: `anthropic/${type}`, ...given, ...marked }];
  }
  const { name, description, input_schema: schema, strict, type: _type, ...others } = rest;
  const {
    input_examples: examples,
    defer_loading: deferLoading,
    eager_input_streaming: eager,
    allowed_callers: allowed,
    ...unread
  } = others;
  const callers = decodeCallers(allowed);
  const fields =
    callers === undefined && allowed !== undefined ? { ...unread, allowed_callers: allowed } : unread;
  const tool: FunctionTool = {
    type: "function",
    name: asString(name) ?? "",
    ...(typeof description === "string" ? { description } : {}),
    parameters: asObject(schema) ?? {},
    ...(typeof strict === "boolean" ? { strict } : {}),
    ...(Array.isArray(examples) ? { examples: examples.filter(isObject) } : {}),
    ...(typeof deferLoading === "boolean" ? { deferLoading } : {}),
    ...(typeof eager === "boolean" ? { eager } : {}),
    ...(callers === undefined ? {} : { callers }),
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
