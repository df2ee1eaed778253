import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { ToolCallPart } from "../../../core/values/message.js";
import { type AnswerNames, answerNames } from "../../shared/common/answer-names.js";
import { encodeTokenLogprobs } from "../../shared/common/logprobs.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { encodeFinish } from "../shared/finish.js";
import { encodeUsage } from "../shared/usage.js";

/** A whole answer as one line with `done`. */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const message: MutableJson = { role: "assistant", content: "" };
  const calls: JsonObject[] = [];
  const images: string[] = [];
  const logprobs: JsonObject[] = [];
  for (const part of response.content) {
    if (part.type === "text" || part.type === "refusal") message["content"] += part.text;
    if (part.type === "text" && part.logprobs !== undefined)
      logprobs.push(...encodeTokenLogprobs(part.logprobs));
    else if (part.type === "reasoning" && part.text !== "")
      message["thinking"] =
        `${typeof message["thinking"] === "string" ? message["thinking"] : ""}${part.text}`;
    else if (part.type === "tool-call" && part.executedBy === undefined)
      calls.push(encodeCall(part, calls.length));
    else if (part.type === "image" && part.data !== undefined) images.push(part.data);
  }
  if (images.length > 0) message["images"] = images;
  if (calls.length > 0) message["tool_calls"] = calls;
  const line = lastLine(response, answerNames(response, facts), facts.created, message);
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(logprobs.length === 0 ? line : { ...line, logprobs }),
  };
}

/** A call. The dialect does not stream calls in pieces. */
export function encodeCall(part: ToolCallPart, index: number): JsonObject {
  return { id: part.id, function: { index, name: part.name, arguments: part.arguments ?? {} } };
}

const NO_TIMES = { total_duration: 0, load_duration: 0, prompt_eval_duration: 0, eval_duration: 0 };

/** The line that ends an answer. */
export function lastLine(
  response: ChatResponse,
  names: AnswerNames,
  created: number,
  message: JsonObject,
): JsonObject {
  return {
    model: names.model,
    created_at: new Date(created).toISOString(),
    message,
    done: true,
    done_reason: encodeFinish(response.finishReason),
    // Clients need the times, which a server half does not know.
    ...NO_TIMES,
    // Clients need the counts, too.
    ...markedUsage(encodeUsage(response.usage), response),
  };
}
