import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { ContentPart, SourcePart } from "../../../core/values/message.js";
import { answerNames } from "../../shared/common/answer-names.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { encodeToolCall } from "../../shared/openai/tool-call.js";
import { type Cited, encodeCitations } from "../shared/citations.js";
import { isPlan } from "../shared/family.js";
import { finishWord } from "../shared/finish.js";
import { encodeLogprob } from "../shared/logprobs.js";
import { encodeUsage } from "../shared/usage.js";

/** A whole answer as Cohere's reply. https://docs.cohere.com/v2/reference/chat */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const logprobs = response.content.flatMap((part) => (part.type === "text" ? (part.logprobs ?? []) : []));
  const body = {
    id: answerNames(response, facts).id,
    message: encodeAnswer(response.content),
    finish_reason: finishWord(response.finishReason, response.rawFinishReason),
    usage: markedUsage(encodeUsage(response.usage), response),
    ...(logprobs.length === 0 ? {} : { logprobs: logprobs.map(encodeLogprob) }),
  };
  return jsonReply(body);
}

function encodeAnswer(content: readonly ContentPart[]): JsonObject {
  const blocks: JsonObject[] = [];
  const calls: JsonObject[] = [];
  const sources: SourcePart[] = [];
  const cited = new Map<number, Cited>();
  let plan = "";
  content.forEach((part, i) => {
    switch (part.type) {
      case "text":
      case "refusal":
        cited.set(i, { kind: "TEXT_CONTENT", block: blocks.length, text: part.text });
        blocks.push({ type: "text", text: part.text });
        break;
      case "reasoning":
        if (isPlan(part.origin)) {
          plan += part.text;
          cited.set(i, { kind: "PLAN", text: part.text });
        } else if (part.text !== "") {
          cited.set(i, { kind: "THINKING_CONTENT", block: blocks.length, text: part.text });
          blocks.push({ type: "thinking", thinking: part.text });
        }
        break;
      case "tool-call":
        if (part.executedBy === undefined) calls.push(encodeToolCall(part));
        break;
      case "source":
        sources.push(part);
        break;
      case "compaction":
      case "tool-result":
      case "image":
      case "audio":
      case "file":
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  });
  const message: MutableJson = { role: "assistant" };
  if (blocks.length > 0) message["content"] = blocks;
  if (plan !== "") message["tool_plan"] = plan;
  if (calls.length > 0) message["tool_calls"] = calls;
  if (sources.length > 0) message["citations"] = encodeCitations(sources, cited, true);
  return message;
}
