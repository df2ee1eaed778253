import type { DecodedRequest } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import { booleanField, defined, numberField } from "../../shared/common/body-fields.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { refuseSeveralAnswers } from "../../shared/common/one-answer.js";
import { decodePrediction } from "../../shared/openai/prediction.js";
import { DIALECT } from "../shared/family.js";
import { decodeMessages } from "./messages.js";
import { decodeFormat, decodeTool, decodeToolChoice } from "./tools.js";

const KNOWN = new Set([
  "model",
  "messages",
  "stream",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "max_tokens",
  "temperature",
  "top_p",
  "stop",
  "random_seed",
  "presence_penalty",
  "frequency_penalty",
  "logprobs",
  "top_logprobs",
  "reasoning_effort",
  "service_tier",
  "prompt_cache_key",
  "metadata",
  "n",
]);

/**
 * Decodes a request. Fields that the contract has no name for (`safe_prompt`,
 * `prompt_mode`, `guardrails`...) become `extensions`; null means absent.
 * @throws {AiLibError} `INVALID_REQUEST` for a body that is not a chat request or asks for several answers.
 */
export function decodeRequest(http: HttpRequest): DecodedRequest {
  const body = tryParse(http.body ?? "");
  if (!isObject(body)) throw invalidRequest("The body is not a JSON object");
  refuseSeveralAnswers(body["n"], "n");
  const metadata = asObject(body["metadata"]);
  const prediction = decodePrediction(body["prediction"]);
  const request: ChatRequest = {
    ...defined({
      model: asString(body["model"]),
      toolChoice: decodeToolChoice(body["tool_choice"]),
      parallelToolCalls: booleanField(body, "parallel_tool_calls"),
      responseFormat: decodeFormat(body["response_format"]),
      maxTokens: numberField(body, "max_tokens"),
      temperature: numberField(body, "temperature"),
      topP: numberField(body, "top_p"),
      stop: decodeStop(body["stop"]),
      seed: numberField(body, "random_seed"),
      presencePenalty: numberField(body, "presence_penalty"),
      frequencyPenalty: numberField(body, "frequency_penalty"),
      logprobs: decodeLogprobs(body),
      reasoning: decodeReasoning(body),
      prediction,
      serviceTier: asString(body["service_tier"]),
      cacheKey: asString(body["prompt_cache_key"]),
      metadata: metadata as ChatRequest["metadata"],
    }),
    messages: decodeMessages(body["messages"]),
    ...decodeTools(body["tools"]),
    ...extensionsOf(
      DIALECT,
      unknownFields(prediction === undefined ? body : { ...body, prediction: null }, KNOWN),
    ),
  };
  return { request, mode: booleanField(body, "stream") === true ? "stream" : "unary", body };
}

function decodeStop(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((stop) => typeof stop === "string") : undefined;
}

function decodeLogprobs(body: JsonObject): boolean | number | undefined {
  const asked = booleanField(body, "logprobs");
  return asked === true ? (numberField(body, "top_logprobs") ?? true) : asked;
}

function decodeReasoning(body: JsonObject): Reasoning | undefined {
  const effort = asString(body["reasoning_effort"]);
  switch (effort) {
    case undefined:
      return undefined;
    case "none":
    case "minimal":
    case "low":
    case "medium":
    case "high":
    case "xhigh":
      return { effort };
    default:
      throw invalidRequest(`\`reasoning_effort\` "${effort}" is not known`);
  }
}

function decodeTools(value: unknown): Pick<ChatRequest, "tools"> {
  const tools = asArray(value).map((entry, i) => decodeTool(entry, `tools.${i}`));
  return tools.length === 0 ? {} : { tools };
}
