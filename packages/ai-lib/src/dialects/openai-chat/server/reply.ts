import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type {
  AudioPart,
  ContentPart,
  ImagePart,
  ToolCallPart,
  ToolResultPart,
} from "../../../core/values/message.js";
import { type TokenLogprob, textOf } from "../../../core/values/message.js";
import { answerNames } from "../../shared/common/answer-names.js";
import { dataUri } from "../../shared/common/data-uri.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { encodeLogprobs } from "../../shared/common/logprobs.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { encodeToolCall } from "../../shared/openai/tool-call.js";
import { encodeAnnotation } from "../shared/citations.js";
import { finishWord } from "../shared/finish.js";
import { encodeExtraContent, encodeReasoningState } from "../shared/state.js";
import { encodeUsage } from "../shared/usage.js";

/** Writes a whole reply (https://platform.openai.com/docs/api-reference/chat/object). */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const { message, logprobs } = encodeMessage(response.content);
  const { id, model } = answerNames(response, facts);
  const body: JsonObject = {
    id,
    object: "chat.completion",
    created: Math.floor(facts.created / 1_000),
    model,
    choices: [{ index: 0, message, logprobs, finish_reason: finishWord(response.finishReason) }],
    ...(response.usageStatus === "unsupported"
      ? {}
      : { usage: markedUsage(encodeUsage(response.usage), response) }),
    ...(response.serviceTier === undefined ? {} : { service_tier: response.serviceTier }),
  };
  return jsonReply(body);
}

/** The message of an answer. */
function encodeMessage(content: readonly ContentPart[]): {
  message: JsonObject;
  logprobs: JsonObject | null;
} {
  const message: MutableJson = { role: "assistant", content: null, refusal: null };
  const calls: JsonObject[] = [];
  const annotations: JsonObject[] = [];
  const details: JsonObject[] = [];
  const images: JsonObject[] = [];
  const executed = new ExecutedTools();
  const tokens: TokenLogprob[] = [];
  for (const part of content) {
    switch (part.type) {
      case "text":
        message["content"] = String(message["content"] ?? "") + part.text;
        if (part.logprobs !== undefined) tokens.push(...part.logprobs);
        if (part.origin !== undefined) message["extra_content"] = encodeExtraContent(part.origin);
        break;
      case "reasoning":
        if (part.text !== "")
          message["reasoning_content"] = String(message["reasoning_content"] ?? "") + part.text;
        if (part.origin !== undefined) details.push(...encodeReasoningState(part.origin));
        break;
      case "refusal":
        message["refusal"] = String(message["refusal"] ?? "") + part.text;
        break;
      case "tool-call":
        if (part.executedBy === "provider") executed.call(part);
        else calls.push(encodeCall(part));
        break;
      case "tool-result":
        executed.result(part);
        break;
      case "source":
        annotations.push(encodeAnnotation(part));
        break;
      case "image":
        if (hasBytes(part)) images.push(encodeImage(part));
        break;
      case "audio":
        // An answer has one sound.
        if (part.data !== undefined) message["audio"] ??= encodeAudio(part);
        else if (part.transcript !== undefined)
          message["content"] = String(message["content"] ?? "") + part.transcript;
        break;
      case "file":
      case "compaction":
        // The dialect has no place for these in an answer; `cannot` says so.
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }
  if (details.length > 0) message["reasoning_details"] = details;
  if (calls.length > 0) message["tool_calls"] = calls;
  if (annotations.length > 0) message["annotations"] = annotations;
  if (images.length > 0) message["images"] = images;
  if (executed.entries.length > 0) message["executed_tools"] = executed.entries;
  return { message, logprobs: tokens.length === 0 ? null : encodeLogprobs(tokens) };
}

/** A call that the caller must run. */
function encodeCall(part: ToolCallPart): JsonObject {
  return {
    ...encodeToolCall(part),
    ...(part.origin === undefined ? {} : { extra_content: encodeExtraContent(part.origin) }),
  };
}

/** Whether a picture can be written; one in a file store cannot. */
export function hasBytes({ url, data }: ImagePart): boolean {
  return url !== undefined || data !== undefined;
}

/** A picture as OpenRouter writes it. */
export function encodeImage(part: ImagePart): JsonObject {
  const url = part.url ?? dataUri(part.mediaType ?? "image/png", part.data ?? "");
  return { type: "image_url", image_url: { url } };
}

/** Sound as OpenAI's audio models write it. It needs bytes; of other sound only the transcript is written, as text. */
export function encodeAudio(part: AudioPart): JsonObject {
  const own = part.origin?.data["audio"];
  return {
    ...(typeof own === "object" && own !== null && "id" in own ? { id: own.id } : {}),
    data: part.data ?? "",
    transcript: part.transcript ?? "",
  };
}

/** Tools that the provider ran, as Groq writes them: a call and its result are one entry. */
export class ExecutedTools {
  readonly entries: MutableJson[] = [];

  /** @returns the entry as far as it is known. */
  call(part: ToolCallPart): JsonObject {
    const entry: MutableJson = {
      index: this.entries.length,
      id: part.id,
      type: part.name,
      arguments: part.argumentsText ?? JSON.stringify(part.arguments ?? {}),
    };
    this.entries.push(entry);
    return entry;
  }

  /** @returns the whole entry. */
  result(part: ToolResultPart): JsonObject {
    let entry = this.entries.find((one) => one["id"] === part.id);
    if (entry === undefined) {
      entry = { index: this.entries.length, id: part.id, type: part.name ?? "tool", arguments: "{}" };
      this.entries.push(entry);
    }
    entry["output"] = textOf(part.content);
    return entry;
  }
}
