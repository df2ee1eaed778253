import { configError } from "../../core/errors/error.js";
import type { ResponseFormat } from "../../core/values/chat-request.js";
import { asObject, isObject, type JsonObject } from "../../core/values/json.js";
import type { Tool, ToolChoice } from "../../core/values/tool.js";

/**
 * A tool as LangChain passes it on: OpenAI's form, Anthropic's (`input_schema`), a function without its envelope, or a
 * tool of ai-lib.
 */
export function readTool(tool: Readonly<Record<string, unknown>>): Tool {
  if (tool["type"] === "provider" && typeof tool["id"] === "string") return tool as unknown as Tool;
  const given = asObject(tool["function"]) ?? (tool as JsonObject);
  const { name, description, parameters = given["input_schema"] ?? given["schema"], strict } = given;
  if (typeof name !== "string")
    throw configError(
      'A tool of a model of ai-lib is a function with a name, or { type: "provider", id: "vendor/tool", options }',
    );
  return {
    type: "function",
    name,
    parameters: isObject(parameters) ? parameters : { type: "object", properties: {} },
    ...(typeof description === "string" && { description }),
    ...(typeof strict === "boolean" && { strict }),
  };
}

/** A choice of a tool: a word, a name, or OpenAI's and Anthropic's form of a name. */
export function readToolChoice(choice: unknown): ToolChoice {
  if (typeof choice === "string") {
    if (choice === "auto" || choice === "none" || choice === "required") return choice;
    return choice === "any" ? "required" : { name: choice };
  }
  const given = asObject(choice) ?? {};
  const name = asObject(given["function"])?.["name"] ?? given["name"];
  if (typeof name === "string") return { name };
  return given["type"] === "any" ? "required" : "auto";
}

/** A response format in OpenAI's form. */
export function readFormat(format: object): ResponseFormat {
  const { type, json_schema } = format as { readonly type?: unknown; readonly json_schema?: unknown };
  const { schema, name, description, strict } = asObject(json_schema) ?? {};
  if (type !== "json_schema" || !isObject(schema)) return { type: type === "json_object" ? "json" : "text" };
  return {
    type: "json-schema",
    schema,
    ...(typeof name === "string" && { name }),
    ...(typeof description === "string" && { description }),
    ...(typeof strict === "boolean" && { strict }),
  };
}
