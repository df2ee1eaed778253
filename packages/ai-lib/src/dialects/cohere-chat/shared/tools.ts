import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest, ResponseFormat } from "../../../core/values/chat-request.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { FunctionTool, Tool, ToolChoice } from "../../../core/values/tool.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import type { Destination } from "../client/context.js";
import { DIALECT } from "./family.js";

/**
 * Tools, whether they are strict, and which may be called. Cohere can force a call but name no tool, so a named tool
 * is the only one that is offered.
 */
export function encodeTools(request: ChatRequest, body: MutableJson, to: Destination): void {
  const { losses } = to;
  const functions: FunctionTool[] = [];
  (request.tools ?? []).forEach((tool, i) => {
    if (tool.cache !== undefined)
      losses.unsupported(`tools.${i}.cache`, "Cohere finds its caches by prefix alone");
    if (tool.type === "function") functions.push(tool);
    else losses.unsupported(`tools.${i}`, `Cohere runs no tools itself, "${tool.id}" neither`);
  });
  const choice = request.toolChoice;
  const named = typeof choice === "object" ? choice.name : undefined;
  const offered = named === undefined ? functions : functions.filter((tool) => tool.name === named);
  if (named !== undefined)
    losses.changed("toolChoice", `Cohere can name no tool, so "${named}" alone is offered`);
  if (offered.length > 0) body["tools"] = offered.map((tool) => encodeTool(tool, to));
  encodeStrict(request.tools ?? [], offered, body, losses);
  if (choice === "none") body["tool_choice"] = "NONE";
  else if (choice !== undefined && choice !== "auto") body["tool_choice"] = "REQUIRED";
}

function encodeTool(tool: FunctionTool, to: Destination): JsonObject {
  const { name, description, parameters } = tool;
  const described = { name, ...(description === undefined ? {} : { description }), parameters };
  return to.extended({ type: "function", function: described }, tool.extensions);
}

/** One switch for all tools: on where one asks for it. */
function encodeStrict(
  given: readonly Tool[],
  offered: readonly FunctionTool[],
  body: MutableJson,
  losses: EncodeWarnings,
): void {
  const strict = offered.some((tool) => tool.strict === true);
  if (strict) body["strict_tools"] = true;
  else if (offered.some((tool) => tool.strict === false)) body["strict_tools"] = false;
  given.forEach((tool, i) => {
    if (strict && tool.type === "function" && tool.strict !== true && offered.includes(tool))
      losses.changed(`tools.${i}.strict`, "all tools are strict, since one is");
  });
}

const TOOL_FIELDS = new Set(["type", "function"]);
const FUNCTION_FIELDS = new Set(["name", "description", "parameters"]);

/** Tools of a request. */
export function decodeTools(value: unknown, strict: boolean | undefined): Pick<ChatRequest, "tools"> {
  const tools = asArray(value).map((entry, i) => decodeTool(entry, `tools.${i}`, strict));
  return tools.length === 0 ? {} : { tools };
}

function decodeTool(entry: unknown, at: string, strict: boolean | undefined): FunctionTool {
  const described = isObject(entry) ? asObject(entry["function"]) : undefined;
  const name = asString(described?.["name"]);
  if (!isObject(entry) || described === undefined || name === undefined)
    throw invalidRequest(`\`${at}.function.name\` is missing`);
  const description = asString(described["description"]);
  const inner = unknownFields(described, FUNCTION_FIELDS);
  const outer = unknownFields(entry, TOOL_FIELDS);
  return {
    type: "function",
    name,
    ...(description === undefined ? {} : { description }),
    parameters: asObject(described["parameters"]) ?? { type: "object", properties: {} },
    ...(strict === undefined ? {} : { strict }),
    ...extensionsOf(DIALECT, inner === undefined ? outer : { ...outer, function: inner }),
  };
}

/** A tool choice of a request. */
export function decodeToolChoice(value: unknown): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === "REQUIRED") return "required";
  if (value === "NONE") return "none";
  throw invalidRequest("`tool_choice` is neither REQUIRED nor NONE");
}

/** The shape of the answer in Cohere's words. */
export function encodeFormat(format: ResponseFormat, losses: EncodeWarnings): JsonObject {
  if (format.type === "text") return { type: "text" };
  if (format.type === "json") return { type: "json_object" };
  if (format.name !== undefined) losses.unsupported("responseFormat.name", "schemas have no names");
  if (format.description !== undefined)
    losses.unsupported("responseFormat.description", "a schema has no description beside its own");
  if (format.strict === false) losses.changed("responseFormat.strict", "a schema is always followed");
  return { type: "json_object", json_schema: format.schema };
}

/** The shape of the answer that a request asks for. */
export function decodeFormat(value: unknown): ResponseFormat | undefined {
  const format = asObject(value);
  if (format?.["type"] === "text") return { type: "text" };
  if (format?.["type"] !== "json_object") return undefined;
  const schema = asObject(format["json_schema"]) ?? asObject(format["schema"]);
  return schema === undefined ? { type: "json" } : { type: "json-schema", schema };
}
