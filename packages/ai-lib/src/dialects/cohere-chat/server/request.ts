import type { DecodedRequest } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import { booleanField, defined, numberField } from "../../shared/common/body-fields.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { DIALECT } from "../shared/family.js";
import { decodeMessages } from "./messages.js";
import { decodeFormat, decodeToolChoice, decodeTools } from "./tools.js";

const KNOWN = new Set([
  "model",
  "messages",
  "stream",
  "tools",
  "strict_tools",
  "tool_choice",
  "response_format",
  "max_tokens",
  "temperature",
  "seed",
  "stop_sequences",
  "p",
  "k",
  "presence_penalty",
  "frequency_penalty",
  "logprobs",
  "thinking",
]);

/**
 * Decodes a request. Fields that the contract has no name for (`documents`,
 * `citation_options`, `safety_mode`, `priority`...) become `extensions`; null means absent.
 * @throws {AiLibError} `INVALID_REQUEST` for a body that is not a chat request.
 */
export function decodeRequest(http: HttpRequest): DecodedRequest {
  const body = tryParse(http.body ?? "");
  if (!isObject(body)) throw invalidRequest("The body is not a JSON object");
  const stops = body["stop_sequences"];
  const request: ChatRequest = {
    ...defined({
      model: asString(body["model"]),
      toolChoice: decodeToolChoice(body["tool_choice"]),
      responseFormat: decodeFormat(body["response_format"]),
      maxTokens: numberField(body, "max_tokens"),
      temperature: numberField(body, "temperature"),
      seed: numberField(body, "seed"),
      stop: Array.isArray(stops) ? stops.filter((stop) => typeof stop === "string") : undefined,
      topP: numberField(body, "p"),
      topK: numberField(body, "k"),
      presencePenalty: numberField(body, "presence_penalty"),
      frequencyPenalty: numberField(body, "frequency_penalty"),
      logprobs: booleanField(body, "logprobs"),
      reasoning: decodeThinking(body),
    }),
    messages: decodeMessages(body["messages"]),
    ...decodeTools(body["tools"], booleanField(body, "strict_tools")),
    ...extensionsOf(DIALECT, unknownFields(withoutEmptyDocuments(body), KNOWN)),
  };
  return { request, mode: booleanField(body, "stream") === true ? "stream" : "unary", body };
}

/** Some clients always send a list of documents. */
function withoutEmptyDocuments(body: JsonObject): JsonObject {
  if (body["documents"] === undefined || asArray(body["documents"]).length > 0) return body;
  const { documents: _documents, ...rest } = body;
  return rest;
}

function decodeThinking(body: JsonObject): Reasoning | undefined {
  const thinking = asObject(body["thinking"]);
  if (thinking === undefined) return undefined;
  if (thinking["type"] === "disabled") return { effort: "none" };
  const budgetTokens = asNumber(thinking["token_budget"]);
  return budgetTokens === undefined ? { effort: "high" } : { budgetTokens };
}
