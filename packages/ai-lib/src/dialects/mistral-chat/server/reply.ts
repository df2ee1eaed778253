import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { answerNames } from "../../shared/common/answer-names.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { encodeLogprobs } from "../../shared/common/logprobs.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { encodeToolCall } from "../../shared/openai/tool-call.js";
import { finishWord } from "../shared/finish.js";

import { encodeUsage } from "../shared/usage.js";
import { encodeAnswerPart } from "./parts.js";

/** A whole answer as Mistral's reply. https://docs.mistral.ai/api/endpoint/chat */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const choice: MutableJson = {
    index: 0,
    finish_reason: finishWord(response.finishReason, response.rawFinishReason),
    message: encodeAnswer(response.content),
  };
  const logprobs = response.content.flatMap((part) => (part.type === "text" ? (part.logprobs ?? []) : []));
  if (logprobs.length > 0) choice["logprobs"] = encodeLogprobs(logprobs);
  const { id, model } = answerNames(response, facts);
  const body = {
    id,
    created: Math.floor(facts.created / 1_000),
    model,
    object: "chat.completion",
    choices: [choice],
    usage: markedUsage(encodeUsage(response.usage, response.serviceTier), response),
  };
  return jsonReply(body);
}

function encodeAnswer(content: readonly ContentPart[]): JsonObject {
  const chunks: JsonObject[] = [];
  const calls: JsonObject[] = [];
  let text = "";
  let plain = true;
  for (const part of content) {
    if (part.type === "tool-call" && part.executedBy === undefined)
      calls.push({ ...encodeToolCall(part), index: calls.length });
    else {
      if (part.type === "text" || part.type === "refusal") text += part.text;
      else plain = false;
      const chunk = encodeAnswerPart(part);
      if (chunk !== undefined) chunks.push(chunk);
    }
  }
  return {
    role: "assistant",
    content: plain ? text : chunks,
    tool_calls: calls.length === 0 ? null : calls,
  };
}
