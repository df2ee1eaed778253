import type { DialectTarget, EncodeWarnings } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { FunctionTool, ProviderTool, Tool } from "../../../core/values/tool.js";
import { extended } from "../../shared/common/extensions.js";
import { camelCase, FAMILY } from "../shared/family.js";
import { quirksOf } from "../shared/quirks.js";
import { toJsonSchema, toOpenApiSchema } from "../shared/schema.js";
import { generationOf } from "./generation.js";

/** `tools` and `toolConfig` of a request. https://ai.google.dev/api/caching#Tool */
export function encodeTools(
  request: ChatRequest,
  target: DialectTarget,
  losses: EncodeWarnings,
): MutableJson {
  const functions: JsonObject[] = [];
  const own: JsonObject[] = [];
  (request.tools ?? []).forEach((tool, position) => {
    if (tool.cache !== undefined)
      losses.unsupported(`tools.${position}.cache`, "Gemini caches prompts by itself, or as cachedContent");
    if (tool.type === "function") functions.push(declaration(tool, target));
    else {
      const entry = providerTool(tool);
      if (entry !== undefined) own.push(entry);
      else losses.unsupported(`tools.${position}`, `"${tool.id}" is no tool of Google's`);
    }
  });
  const tools = functions.length === 0 ? own : [...own, { functionDeclarations: functions }];
  const calling = callingConfig(request, target, losses);
  const mixed = functions.length > 0 && own.length > 0 && generationOf(target).mixedTools;
  const body: MutableJson = {};
  if (tools.length > 0) body["tools"] = tools;
  const config: MutableJson = {};
  if (calling !== undefined) config["functionCallingConfig"] = calling;
  // "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling."
  if (mixed && quirksOf(target.quirks).noServerSideToolInvocations !== true)
    config["includeServerSideToolInvocations"] = true;
  if (Object.keys(config).length > 0) body["toolConfig"] = config;
  return body;
}

function declaration(tool: FunctionTool, target: DialectTarget): JsonObject {
  const schema = hasProperties(tool.parameters)
    ? tool.parameters
    : { type: "object", properties: {}, ...tool.parameters };
  const parameters =
    quirksOf(target.quirks).openApiSchemas === true
      ? { parameters: toOpenApiSchema(schema) }
      : { parametersJsonSchema: toJsonSchema(schema) };
  const wire: JsonObject = { name: tool.name, description: tool.description, ...parameters };
  return extended(wire, tool.extensions, "gemini", target.provider);
}

function hasProperties(schema: JsonObject): boolean {
  return schema["type"] !== undefined || schema["$ref"] !== undefined;
}

/** `google/googleSearch` as `{ googleSearch: options }`; undefined for another family's tool. */
function providerTool(tool: ProviderTool): JsonObject | undefined {
  const slash = tool.id.indexOf("/");
  const name = camelCase(tool.id.slice(slash + 1));
  return tool.id.slice(0, slash) === FAMILY && name !== "" ? { [name]: tool.options ?? {} } : undefined;
}

/** How functions are called. https://ai.google.dev/gemini-api/docs/function-calling#function_calling_modes */
function callingConfig(
  request: ChatRequest,
  target: DialectTarget,
  losses: EncodeWarnings,
): JsonObject | undefined {
  const { toolChoice, tools = [] } = request;
  const functions = tools.filter((tool): tool is FunctionTool => tool.type === "function");
  if (request.parallelToolCalls === false)
    losses.unsupported("parallelToolCalls", "Gemini may always make several calls in one answer");
  if (typeof toolChoice === "object") return { mode: "ANY", allowedFunctionNames: [toolChoice.name] };
  if (toolChoice === "required") return { mode: "ANY" };
  if (toolChoice === "none") return { mode: "NONE" };
  const strict = functions.filter((tool) => tool.strict === true);
  if (strict.length > 0 && strict.length === functions.length && generationOf(target).validated)
    return { mode: "VALIDATED" };
  for (const tool of strict)
    losses.unsupported(
      `tools.${tools.indexOf(tool as Tool)}.strict`,
      "Gemini holds either all functions to their schemas or none",
    );
  return toolChoice === "auto" ? { mode: "AUTO" } : undefined;
}
