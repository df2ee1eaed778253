import { asArray, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { Tool, ToolChoice } from "../../../core/values/tool.js";
import { TOOL_FAMILY } from "../shared/calls.js";

/** The tools of a request. */
export function decodeTools(value: unknown): Tool[] {
  const tools: Tool[] = [];
  for (const json of asArray(value)) {
    if (!isObject(json)) continue;
    const type = asString(json["type"]);
    if (type === undefined) continue;
    tools.push(type === "function" ? decodeFunction(json) : decodeProviderTool(type, json));
  }
  return tools;
}

function decodeFunction(json: JsonObject): Tool {
  const { type: _type, name, description, parameters, strict, ...rest } = json;
  return {
    type: "function",
    name: asString(name) ?? "",
    ...(typeof description === "string" ? { description } : {}),
    parameters: isObject(parameters) ? parameters : { type: "object", properties: {} },
    ...(typeof strict === "boolean" ? { strict } : {}),
    ...(Object.keys(rest).length === 0 ? {} : { extensions: { "openai-responses": rest } }),
  };
}

function decodeProviderTool(type: string, json: JsonObject): Tool {
  const { type: _type, ...options } = json;
  return {
    type: "provider",
    id: `${TOOL_FAMILY}/${type}`,
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

/** The tool choice of a request; undefined for one that the contract has no word for (a list of allowed tools). */
export function decodeToolChoice(value: unknown): ToolChoice | undefined {
  if (value === "auto" || value === "none" || value === "required") return value;
  if (!isObject(value) || value["type"] !== "function") return undefined;
  const name = asString(value["name"]);
  return name === undefined ? undefined : { name };
}
