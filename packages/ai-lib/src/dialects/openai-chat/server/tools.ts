import { invalidRequest } from "../../../core/errors/error.js";
import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { Tool, ToolChoice } from "../../../core/values/tool.js";
import { decodeCacheMark, extensionsOf } from "./fields.js";

/** The tools of a request. A tool that is not a function is the provider's own, named after its type. */
export function decodeTools(entries: readonly unknown[]): Tool[] {
  return entries.map((entry, i) => {
    if (!isObject(entry)) throw invalidRequest(`\`tools.${i}\` must be an object`);
    const cache = decodeCacheMark(entry["cache_control"]);
    const marked = cache === undefined ? {} : { cache };
    const { type, cache_control: _mark, ...others } = entry;
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
      if (type !== undefined && type !== "function") return undefined;
      const name = asString(asObject(choice?.["function"])?.["name"]) ?? asString(choice?.["name"]);
      return name === undefined ? undefined : { name };
    }
  }
}

/** A list of functions among which the model chooses; undefined for a list with other tools. */
function decodeAllowed(allowed: JsonObject | undefined): ToolChoice | undefined {
  const listed = asArray(allowed?.["tools"]);
  const names = listed.flatMap((one) => asString(asObject(asObject(one)?.["function"])?.["name"]) ?? []);
  if (names.length === 0 || names.length < listed.length) return undefined;
  const mode = allowed?.["mode"];
  return mode === "auto" || mode === "required" ? { names, mode } : { names };
}
