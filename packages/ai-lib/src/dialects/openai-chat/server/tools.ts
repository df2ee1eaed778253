import { invalidRequest } from "../../../core/errors/error.js";
import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { TextTool, Tool, ToolChoice } from "../../../core/values/tool.js";
import { decodeGrammar } from "../../shared/openai/grammar.js";
import { decodeCacheMark, extensionsOf } from "./fields.js";

/** The tools of a request. A tool that the client does not run is the provider's own, named after its type. */
export function decodeTools(entries: readonly unknown[]): Tool[] {
  return entries.map((entry, i) => {
    if (!isObject(entry)) throw invalidRequest(`\`tools.${i}\` must be an object`);
    const cache = decodeCacheMark(entry["cache_control"]);
    const marked = cache === undefined ? {} : { cache };
    const { type, cache_control: _mark, ...others } = entry;
    if (type === "custom") return { ...decodeTextTool(others, `tools.${i}`), ...marked };
    if (type !== undefined && type !== "function") {
      const kind = asString(type);
      if (kind === undefined) throw invalidRequest(`\`tools.${i}.type\` must be a string`);
      return {
        type: "provider",
        id: `openai-chat/${kind}`,
        ...(Object.keys(others).length === 0 ? {} : { options: others }),
        ...marked,
      };
    }
    const { function: called, ...beside } = others;
    const tool = asObject(called);
    const name = asString(tool?.["name"]);
    if (tool === undefined || name === undefined)
      throw invalidRequest(`\`tools.${i}.function.name\` is missing`);
    const { name: _name, description, parameters, strict, ...unknown } = tool;
    const words = asString(description);
    const extensions = extensionsOf({
      ...beside,
      ...(Object.keys(unknown).length === 0 ? {} : { function: unknown as JsonObject }),
    });
    return {
      type: "function",
      name,
      ...(words === undefined ? {} : { description: words }),
      parameters: asObject(parameters) ?? { type: "object", properties: {} },
      ...(typeof strict === "boolean" ? { strict } : {}),
      ...marked,
      ...extensions,
    };
  });
}

/** https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools */
function decodeTextTool({ custom, ...beside }: JsonObject, at: string): TextTool {
  const { name, description, format, ...unknown } = asObject(custom) ?? {};
  const own = asString(name);
  if (own === undefined) throw invalidRequest(`\`${at}.custom.name\` is missing`);
  const grammar = decodeGrammar(asObject(format)?.["grammar"]);
  const rest =
    grammar === undefined && asObject(format)?.["type"] === "grammar" ? { ...unknown, format } : unknown;
  const words = asString(description);
  return {
    type: "text-tool",
    name: own,
    ...(words === undefined ? {} : { description: words }),
    ...(grammar === undefined ? {} : { grammar }),
    ...extensionsOf({
      ...beside,
      ...(Object.keys(rest).length === 0 ? {} : { custom: rest as JsonObject }),
    }),
  };
}

/** A tool choice; undefined for forms that the contract has no name for. `any` is Mistral's word for `required`. */
export function decodeToolChoice(value: unknown): ToolChoice | undefined {
  switch (value) {
    case "auto":
    case "none":
    case "required":
      return value;
    case "any":
      return "required";
    default: {
      const choice = asObject(value);
      const type = choice?.["type"];
      if (type === "allowed_tools") return decodeAllowed(asObject(choice?.["allowed_tools"]));
      if (type !== undefined && type !== "function" && type !== "custom") return undefined;
      const name = nameIn(choice) ?? asString(choice?.["name"]);
      return name === undefined ? undefined : { name };
    }
  }
}

function nameIn(choice: JsonObject | undefined): string | undefined {
  return asString(asObject(choice?.["function"] ?? choice?.["custom"])?.["name"]);
}

/** A list of tools among which the model chooses; undefined for a list with tools of the provider. */
function decodeAllowed(allowed: JsonObject | undefined): ToolChoice | undefined {
  const listed = asArray(allowed?.["tools"]);
  const names = listed.flatMap((one) => nameIn(asObject(one)) ?? []);
  if (names.length === 0 || names.length < listed.length) return undefined;
  const mode = allowed?.["mode"];
  return mode === "auto" || mode === "required" ? { names, mode } : { names };
}
