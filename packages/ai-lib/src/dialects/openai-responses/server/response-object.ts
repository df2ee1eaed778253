import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { asObject, type Json, type JsonObject, mergeDeep } from "../../../core/values/json.js";
import type { AnswerNames } from "../../shared/common/answer-names.js";
import { publicCode } from "../../shared/common/error-table.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { encodeFinish } from "../shared/facts.js";
import { encodeUsage } from "../shared/usage.js";

/**
 * A response object before its answer: every field that the SDKs' types and Open Responses
 * (https://www.openresponses.org/specification) declare as present, and what the request asked for.
 */
export function emptyResponse({ id, model }: AnswerNames, facts: ServerFacts): JsonObject {
  const { echo = {} } = facts;
  return {
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    metadata: {},
    parallel_tool_calls: true,
    presence_penalty: 0,
    frequency_penalty: 0,
    previous_response_id: null,
    prompt_cache_key: null,
    safety_identifier: null,
    service_tier: "auto",
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_logprobs: 0,
    top_p: 1,
    truncation: "disabled",
    // Open Responses requires the field, and OpenAI's package declares a string and no null.
    user: "",
    ...echo,
    reasoning: { effort: null, summary: null, ...asObject(echo["reasoning"]) },
    text: { format: { type: "text" }, ...asObject(echo["text"]) },
    id,
    object: "response",
    created_at: seconds(facts),
    completed_at: null,
    status: "in_progress",
    // Nothing is stored here, and nothing runs on after its request.
    background: false,
    store: false,
    model,
    output: [],
    usage: null,
  };
}

function seconds({ created }: ServerFacts): number {
  return Math.floor(created / 1_000);
}

/** The tier of an answer that names none. Only requests have `auto`; the answer has `default` instead. */
function servedTier(asked: Json | undefined): Json {
  return asked === undefined || asked === "auto" ? "default" : asked;
}

/** A response object with its answer. */
export function endedResponse(
  empty: JsonObject,
  output: readonly JsonObject[],
  response: ChatResponse,
): JsonObject {
  const ended: JsonObject = {
    ...empty,
    ...encodeFinish(response),
    // The facts contain the only time that a server half knows.
    completed_at: empty["created_at"],
    output,
    usage: response.usageStatus === "unsupported" ? null : markedUsage(encodeUsage(response.usage), response),
    ...(response.model === "" ? {} : { model: response.model }),
    service_tier: response.serviceTier ?? servedTier(empty["service_tier"]),
    ...(response.cacheMiss === undefined
      ? {}
      : { prompt_cache_diagnostics: { type: "cache_miss", reason: response.cacheMiss } }),
  };
  const extra = response.extensions?.["openai-responses"];
  return extra === undefined ? ended : mergeDeep(ended, extra);
}

/** A response object whose answer failed. */
export function failedResponse(empty: JsonObject, error: AiLibError): JsonObject {
  return { ...empty, status: "failed", error: { code: failedCode(error), message: error.message } };
}

/**
 * The code of a response that failed, of OpenAI's closed list; the event before it has the exact one. Codex reads two more
 * (https://github.com/openai/codex/blob/main/codex-rs/codex-api/src/sse/responses.rs).
 */
function failedCode({ code }: AiLibError): string {
  switch (publicCode(code)) {
    case "RATE_LIMIT":
      return "rate_limit_exceeded";
    case "QUOTA_EXHAUSTED":
      return "insufficient_quota";
    case "CONTEXT_TOO_LONG":
      return "context_length_exceeded";
    case "INVALID_REQUEST":
    case "UNSUPPORTED_FEATURE":
    case "CONTENT_FILTERED":
      return "invalid_prompt";
    default:
      return "server_error";
  }
}
