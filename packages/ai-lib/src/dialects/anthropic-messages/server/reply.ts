import type { ServerFacts } from "../../../core/contract/dialect.js";
import { headerValue } from "../../../core/contract/places.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { answerNames } from "../../shared/common/answer-names.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { stopReasonOf } from "../shared/finish.js";
import { rawUsageOf } from "../shared/usage.js";
import { answerBlocks } from "./parts.js";

/** Fields of a message that Anthropic's SDK declares as present. */
export const UNUSED: JsonObject = { container: null, context_management: null, diagnostics: null };

/** An answer as the reply to `POST /v1/messages`: https://platform.claude.com/docs/en/api/messages. */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const { id, model } = answerNames(response, facts);
  const ending = encodeEnding(response);
  const message: MutableJson = {
    id,
    type: "message",
    role: "assistant",
    model,
    content: answerBlocks(response.content),
    ...UNUSED,
    ...ending,
    diagnostics: ending["diagnostics"] ?? null,
    usage: markedUsage(rawUsageOf(response.usage, response.serviceTier), response),
  };
  return {
    status: 200,
    headers: { "content-type": "application/json", "request-id": headerValue(facts.id) },
    body: JSON.stringify(message),
  };
}

/** How an answer ended: fields of a whole message and of `message_delta.delta`. */
export function encodeEnding(response: ChatResponse): JsonObject {
  const own = response.extensions?.["anthropic-messages"] ?? {};
  const { refusal, cacheMiss } = response;
  const explanation = refusalText(response.content) || (refusal?.explanation ?? "");
  const category = refusal?.category ?? null;
  // Clients recognise a refusal by its reason; with `end_turn` the answer would look empty.
  const finish =
    (response.finishReason === "stop" || response.finishReason === "other") && explanation !== ""
      ? "content-filter"
      : response.finishReason;
  const details: JsonObject | null =
    explanation === "" && category === null
      ? null
      : {
          type: "refusal",
          category,
          explanation: explanation === "" ? null : explanation,
          fallback_credit_token: null,
          fallback_has_prefill_claim: null,
          recommended_model: null,
        };
  return mergeDeep(
    {
      stop_reason: stopReasonOf(finish, response.rawFinishReason),
      stop_sequence: null,
      stop_details: details,
      diagnostics: cacheMiss === undefined ? null : { cache_miss_reason: { type: cacheMiss } },
    },
    own,
  );
}

function refusalText(content: readonly ContentPart[]): string {
  return content.map((part) => (part.type === "refusal" ? part.text : "")).join("");
}
