import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { type JsonObject, mergeDeep } from "../../../core/values/json.js";
import type { AnswerNames } from "../../shared/common/answer-names.js";
import { encodeFinish } from "../shared/facts.js";
import { encodeUsage } from "../shared/usage.js";

/** A response object before its answer: every field that the SDKs' types call present. */
export function emptyResponse({ id, model }: AnswerNames, facts: ServerFacts): JsonObject {
  return {
    id,
    object: "response",
    created_at: Math.floor(facts.created / 1_000),
    status: "in_progress",
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    metadata: {},
    model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: null,
    text: { format: { type: "text" } },
    tool_choice: "auto",
    tools: [],
    top_p: null,
    truncation: "disabled",
    usage: null,
  };
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
    output,
    usage: response.usageStatus === "unsupported" ? null : encodeUsage(response.usage),
    ...(response.model === "" ? {} : { model: response.model }),
    ...(response.serviceTier === undefined ? {} : { service_tier: response.serviceTier }),
  };
  const extra = response.extensions?.["openai-responses"];
  return extra === undefined ? ended : mergeDeep(ended, extra);
}
