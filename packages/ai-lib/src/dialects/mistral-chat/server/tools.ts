import { invalidRequest } from "../../../core/errors/error.js";
import type { ResponseFormat } from "../../../core/values/chat-request.js";
import { asObject, asString, isObject } from "../../../core/values/json.js";
import type { Tool, ToolChoice } from "../../../core/values/tool.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { DIALECT, FAMILY } from "../shared/family.js";

const TOOL_FIELDS = new Set(["type", "function"]);
const FUNCTION_FIELDS = new Set(["name", "description", "parameters", "strict"]);

/** A tool of a request. */
export function decodeTool(entry: unknown, at: string): Tool {
  if (!isObject(entry)) throw invalidRequest(`\`${at}\` is not an object`);
  const type = asString(entry["type"]) ?? "function";
  if (type !== "function") {
    const { type: _type, ...options } = entry;
    return {
      type: "provider",
      id: `${FAMILY}/${type}`,
      ...(Object.keys(options).length === 0 ? {} : { options }),
    };
  }
  const described = asObject(entry["function"]);
  const name = asString(described?.["name"]);
  if (described === undefined || name === undefined)
    throw invalidRequest(`\`${at}.function.name\` is missing`);
  const description = asString(described["description"]);
  const strict = described["strict"];
  const inner = unknownFields(described, FUNCTION_FIELDS);
  const outer = unknownFields(entry, TOOL_FIELDS);
  const rest = inner === undefined ? outer : { ...outer, function: inner };
  return {
    type: "function",
    name,
    ...(description === undefined ? {} : { description }),
    parameters: asObject(described["parameters"]) ?? { type: "object", properties: {} },
    ...(typeof strict === "boolean" ? { strict } : {}),
    ...extensionsOf(DIALECT, rest),
  };
}

/** A tool choice of a request. */
export function decodeToolChoice(value: unknown): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === "auto" || value === "none") return value;
  if (value === "any" || value === "required") return "required";
  const name = asString(asObject(asObject(value)?.["function"])?.["name"]);
  if (name === undefined)
    throw invalidRequest("`tool_choice` must be auto, none, any, required or a function");
  return { name };
}

/** The format of the answer that a request asks for. */
export function decodeFormat(value: unknown): ResponseFormat | undefined {
  const format = asObject(value);
  switch (format?.["type"]) {
    case "text":
      return { type: "text" };
    case "json_object":
      return { type: "json" };
    case "json_schema": {
      const described = asObject(format["json_schema"]);
      const schema = asObject(described?.["schema"]);
      if (described === undefined || schema === undefined)
        throw invalidRequest("`response_format.json_schema.schema` is missing");
      const name = asString(described["name"]);
      const description = asString(described["description"]);
      const strict = described["strict"];
      return {
        type: "json-schema",
        schema,
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        ...(typeof strict === "boolean" ? { strict } : {}),
      };
    }
    default:
      return undefined;
  }
}
