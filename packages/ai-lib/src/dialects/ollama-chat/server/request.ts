import type { DecodedRequest } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest, Reasoning, ResponseFormat } from "../../../core/values/chat-request.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
  tryParse,
} from "../../../core/values/json.js";
import type { FunctionTool } from "../../../core/values/tool.js";
import { booleanField, defined, numberField } from "../../shared/common/body-fields.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { DIALECT } from "../shared/family.js";
import { decodeMessages } from "./messages.js";

const FIELDS: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "stream",
  "tools",
  "format",
  "think",
  "options",
  "logprobs",
  "top_logprobs",
]);
const OPTIONS: ReadonlySet<string> = new Set([
  "num_predict",
  "temperature",
  "top_p",
  "top_k",
  "stop",
  "seed",
  "presence_penalty",
  "frequency_penalty",
]);

/**
 * Reads a request.
 * @throws {AiLibError} `INVALID_REQUEST` for a request that is not of this dialect.
 */
export function decodeRequest(http: HttpRequest): DecodedRequest {
  const body = asObject(tryParse(http.body ?? ""));
  if (body === undefined) throw invalidRequest("The body is not a JSON object");
  const model = asString(body["model"]);
  if (model === undefined || model === "") throw invalidRequest("model is required");
  const given = asObject(body["options"]) ?? {};
  const { limit, rest } = leftOver(body, given);
  const stop = body["options"] === undefined ? undefined : stopOf(given["stop"]);
  const top = numberField(body, "top_logprobs");
  const request: ChatRequest = {
    model,
    messages: decodeMessages(asArray(body["messages"])),
    ...defined({
      tools: decodeTools(body["tools"]),
      responseFormat: decodeFormat(body["format"]),
      reasoning: decodeReasoning(body["think"]),
      maxTokens: limit,
      temperature: numberField(given, "temperature"),
      topP: numberField(given, "top_p"),
      topK: numberField(given, "top_k"),
      stop,
      seed: numberField(given, "seed"),
      presencePenalty: numberField(given, "presence_penalty"),
      frequencyPenalty: numberField(given, "frequency_penalty"),
      logprobs: booleanField(body, "logprobs") === true ? (top ?? true) : undefined,
    }),
    ...extensionsOf(DIALECT, rest),
  };
  return { request, mode: booleanField(body, "stream") === false ? "unary" : "stream", body };
}

/**
 * Fields without a name in the contract; a `num_predict` of zero or less is one of them: Ollama reads it as no limit
 * (https://github.com/ollama/ollama/blob/main/runner/ollamarunner/runner.go).
 */
function leftOver(
  body: JsonObject,
  given: JsonObject,
): { limit: number | undefined; rest: JsonObject | undefined } {
  const predict = numberField(given, "num_predict");
  const bounded = predict === undefined || predict > 0;
  const options: MutableJson = {
    ...unknownFields(given, OPTIONS),
    ...(bounded ? {} : { num_predict: predict }),
  };
  const rest: MutableJson = { ...unknownFields(body, FIELDS) };
  if (Object.keys(options).length > 0) rest["options"] = options;
  return { limit: bounded ? predict : undefined, rest: Object.keys(rest).length === 0 ? undefined : rest };
}

function stopOf(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  const stops = asArray(value).filter((one) => typeof one === "string");
  return stops.length === 0 ? undefined : stops;
}

function decodeFormat(value: unknown): ResponseFormat | undefined {
  if (value === "json") return { type: "json" };
  return isObject(value) ? { type: "json-schema", schema: value } : undefined;
}

function decodeReasoning(value: unknown): Reasoning | undefined {
  if (value === true) return {};
  if (value === false) return { effort: "none" };
  return value === "low" || value === "medium" || value === "high" || value === "max"
    ? { effort: value }
    : undefined;
}

const TOOL_FIELDS: ReadonlySet<string> = new Set(["type", "function"]);
const FUNCTION_FIELDS: ReadonlySet<string> = new Set(["name", "description", "parameters"]);

function decodeTools(value: unknown): FunctionTool[] | undefined {
  const read = asArray(value)
    .filter(isObject)
    .map((tool): FunctionTool => {
      const asked = asObject(tool["function"]) ?? {};
      const description = asString(asked["description"]);
      const inner = unknownFields(asked, FUNCTION_FIELDS);
      const outer = unknownFields(tool, TOOL_FIELDS);
      const rest = inner === undefined ? outer : { ...outer, function: inner };
      return {
        type: "function",
        name: asString(asked["name"]) ?? "",
        ...(description === undefined ? {} : { description }),
        parameters: asObject(asked["parameters"]) ?? {},
        ...extensionsOf(DIALECT, rest),
      };
    });
  return read.length === 0 ? undefined : read;
}
