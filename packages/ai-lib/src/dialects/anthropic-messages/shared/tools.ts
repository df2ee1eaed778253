import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { FunctionTool, Tool, ToolChoice } from "../../../core/values/tool.js";
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
    ...fields
  } = others;
  const tool: FunctionTool = {
    type: "function",
    name: asString(name) ?? "",
    ...(typeof description === "string" ? { description } : {}),
    parameters: asObject(schema) ?? {},
    ...(typeof strict === "boolean" ? { strict } : {}),
    ...(Array.isArray(examples) ? { examples: examples.filter(isObject) } : {}),
    ...(typeof deferLoading === "boolean" ? { deferLoading } : {}),
    ...(typeof eager === "boolean" ? { eager } : {}),
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
