import { asArray, asString, isObject, type Json, type JsonObject } from "../../../core/values/json.js";
import type { Tool, ToolChoice } from "../../../core/values/tool.js";
import type { RequestScope } from "../client/context.js";
import { dropMark } from "./content.js";

/** Whose tools every speaker of the dialect names alike, whether it runs them or not. */
const TOOL_FAMILY = "openai";

/** Tools as the body holds them. A provider's tool is its type with its settings beside it. */
export function encodeTools(tools: readonly Tool[], scope: RequestScope): JsonObject[] {
  const written: JsonObject[] = [];
  tools.forEach((tool, i) => {
    const field = `tools.${i}`;
    if (tool.cache !== undefined) dropMark(`${field}.cache`, scope);
    if (tool.type === "function") {
      if (tool.strict !== undefined && scope.quirks.noStrictTools === true)
        scope.losses.unsupported(`${field}.strict`, "schemas are never enforced here");
      const json: JsonObject = {
        type: "function",
        name: tool.name,
        description: tool.description,
        parameters: tool.parameters,
        strict: scope.quirks.noStrictTools === true ? undefined : tool.strict,
      };
      written.push(scope.extended(json, tool.extensions));
      return;
    }
    const slash = tool.id.indexOf("/");
    const owner = tool.id.slice(0, slash);
    if (owner !== TOOL_FAMILY && owner !== scope.family && owner !== scope.target.provider)
      scope.losses.unsupported(field, `"${tool.id}" is a tool of ${owner}`);
    else written.push({ ...tool.options, type: tool.id.slice(slash + 1) });
  });
  return written;
}

/** A tool choice as the body holds it. */
export function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[]): Json {
  if (typeof choice === "string") return choice;
  const custom = tools.some(
    (tool) =>
      tool.type === "provider" && tool.id.endsWith("/custom") && tool.options?.["name"] === choice.name,
  );
  return { type: custom ? "custom" : "function", name: choice.name };
}

/** Tools from a body. */
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

/** A tool choice from a body; undefined for one that the contract has no word for (a list of allowed tools). */
export function decodeToolChoice(value: unknown): ToolChoice | undefined {
  if (value === "auto" || value === "none" || value === "required") return value;
  if (!isObject(value) || value["type"] !== "function") return undefined;
  const name = asString(value["name"]);
  return name === undefined ? undefined : { name };
}
