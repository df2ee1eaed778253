import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest, ResponseFormat } from "../../../core/values/chat-request.js";
import { asArray, asObject, asString, isObject } from "../../../core/values/json.js";
import type { FunctionTool, ToolChoice } from "../../../core/values/tool.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { DIALECT } from "../shared/family.js";

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

/** The format of the answer that a request asks for. */
export function decodeFormat(value: unknown): ResponseFormat | undefined {
  const format = asObject(value);
  if (format?.["type"] === "text") return { type: "text" };
  if (format?.["type"] !== "json_object") return undefined;
  const schema = asObject(format["json_schema"]) ?? asObject(format["schema"]);
  return schema === undefined ? { type: "json" } : { type: "json-schema", schema };
}
