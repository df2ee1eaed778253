import type { ServerFacts } from "../../../core/contract/dialect.js";
import { headerValue } from "../../../core/contract/places.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import { finishOfRefusal } from "../../shared/common/served-finish.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { stopReasonOf } from "../shared/finish.js";
import { rawUsageOf } from "../shared/usage.js";
import { answerBlocks } from "./parts.js";

/** An answer as the reply to Converse. */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const body = {
    output: { message: { role: "assistant", content: answerBlocks(response.content) } },
    stopReason: stopReasonOf(finishOfRefusal(response), response.rawFinishReason),
    ...encodeMetadata(response),
    ...response.extensions?.["bedrock-converse"],
  };
  return {
    status: 200,
    headers: { "content-type": "application/json", "x-amzn-requestid": headerValue(facts.id) },
    body: JSON.stringify(body),
  };
}

/** Usage and the like: fields of a whole reply and of a stream's `metadata`. */
export function encodeMetadata(response: ChatResponse): JsonObject {
  const { serviceTier } = response;
  return {
    usage: markedUsage(rawUsageOf(response.usage), response),
    metrics: { latencyMs: 0 },
    ...(serviceTier === undefined ? {} : { serviceTier: { type: serviceTier } }),
  };
}
