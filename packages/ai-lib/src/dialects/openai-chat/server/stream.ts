import type { AiLibError } from "../../../core/errors/error.js";
import type {
  DeltaEvent,
  MediaDeltaEvent,
  PartEndEvent,
  PartEvent,
  PartHead,
  PartStartEvent,
} from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { TokenLogprob } from "../../../core/values/message.js";
import { AnswerWriter, type PartRoute } from "../../shared/common/answer-writer.js";
import { encodeLogprobs } from "../../shared/common/logprobs.js";
import { streamJson } from "../../shared/common/stream-json.js";
import { TextTemplate } from "../../shared/common/text-template.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { errorBody } from "../../shared/openai/error-encode.js";
import { encodeAnnotation } from "../shared/citations.js";
import { finishWord } from "../shared/finish.js";
import { encodeExtraContent, encodeReasoningState } from "../shared/state.js";
import { encodeUsage } from "../shared/usage.js";
import { ExecutedTools, encodeAudio, encodeImage, hasBytes } from "./reply.js";

/**
 * Writes the chunks of a stream (https://platform.openai.com/docs/api-reference/chat/streaming): the role, one chunk
 * per delta, the finish reason, usage on a chunk without choices where it was asked for, `[DONE]`.
 */
export class OpenAIChatStreamEncoder extends AnswerWriter {
  /** The position of each call on the wire, by the index of its part. */
  private readonly calls = new Map<number, number>();
  protected override readonly textCalls = true;
  private readonly executed = new ExecutedTools();
  private readonly created = Math.floor(this.facts.created / 1_000);
  /** The index of the answer's one sound. */
  private sound: number | undefined;
  private readonly text = new TextTemplate((content) => this.chunkOf(choicesOf({ content })));
  private readonly thought = new TextTemplate((text) => this.chunkOf(choicesOf({ reasoning_content: text })));

  protected routeOf(head: PartHead): PartRoute {
    switch (head.type) {
      case "text":
      case "refusal":
      case "reasoning":
      case "audio":
        return "pieces";
      case "tool-call":
        return head.executedBy === undefined ? "pieces" : "whole";
      case "image":
        return "whole";
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  protected encodeHead(): void {
    this.delta({ role: "assistant", content: "", refusal: null });
  }

  protected encodePartStart({ index, part }: PartStartEvent): void {
    if (part.type !== "tool-call") return;
    const position = this.calls.size;
    this.calls.set(index, position);
    const { id, name } = part;
    const called: JsonObject =
      part.inputEncoding === "text"
        ? { type: "custom", custom: { name, input: "" } }
        : { type: "function", function: { name, arguments: "" } };
    this.delta({ tool_calls: [{ index: position, id, ...called }] });
  }

  protected encodeDelta({ type, index, text, logprobs }: DeltaEvent, head: PartHead): void {
    switch (type) {
      case "text-delta":
        if (logprobs === undefined) this.write({ data: this.text.json(text) });
        else this.delta({ content: text }, logprobs);
        break;
      case "reasoning-delta":
        this.write({ data: this.thought.json(text) });
        break;
      case "refusal-delta":
        this.delta({ refusal: text });
        break;
      case "tool-call-delta":
        this.delta({ tool_calls: [{ index: this.calls.get(index), ...callPiece(head, text) }] });
        break;
      default: {
        const never: never = type;
        throw new TypeError(`Unknown event ${String(never)}`);
      }
    }
  }

  protected override encodeMediaDelta({ index, data, transcript }: MediaDeltaEvent): void {
    this.sound ??= index;
    if (this.sound !== index) return;
    this.delta({
      audio: { ...(data === undefined ? {} : { data }), ...(transcript === undefined ? {} : { transcript }) },
    });
  }

  protected encodePartEnd({ index, origin }: PartEndEvent, head: PartHead): void {
    if (origin === undefined) return;
    if (head.type === "reasoning") {
      const details = encodeReasoningState(origin);
      if (details.length > 0) this.delta({ reasoning_details: details });
    } else if (head.type === "tool-call")
      this.delta({
        tool_calls: [
          {
            index: this.calls.get(index),
            // The AI SDK refuses a call without this object.
            ...callPiece(head, ""),
            extra_content: encodeExtraContent(origin),
          },
        ],
      });
    else if (head.type === "audio" && index !== this.sound) return;
    else if (origin.data["audio"] !== undefined) this.delta({ audio: origin.data["audio"] });
    else this.delta({ extra_content: encodeExtraContent(origin) });
  }

  protected encodePart({ index, part }: PartEvent): void {
    switch (part.type) {
      case "tool-call":
        this.delta({ executed_tools: [this.executed.call(part)] });
        break;
      case "tool-result":
        this.delta({ executed_tools: [this.executed.result(part)] });
        break;
      case "source":
        this.delta({ annotations: [encodeAnnotation(part)] });
        break;
      case "image":
        if (hasBytes(part)) this.delta({ images: [encodeImage(part)] });
        break;
      case "audio":
        if (part.data !== undefined) {
          this.sound ??= index;
          if (this.sound === index) this.delta({ audio: encodeAudio(part) });
        } else if (part.transcript !== undefined) this.delta({ content: part.transcript });
        break;
      case "text":
      case "refusal":
      case "reasoning":
        // These come in pieces.
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

  protected encodeEnd(response: ChatResponse): void {
    const { finishReason, serviceTier, usage, usageStatus } = response;
    const last = { index: 0, delta: {}, logprobs: null, finish_reason: finishWord(finishReason) };
    this.chunk({ choices: [last], ...(serviceTier === undefined ? {} : { service_tier: serviceTier }) });
    if (this.facts.includeUsage !== false && usageStatus !== "unsupported")
      this.chunk({ choices: [], usage: markedUsage(encodeUsage(usage), response) });
    this.write({ data: "[DONE]" });
  }

  protected encodeFailure(error: AiLibError): void {
    this.write({ data: streamJson(errorBody(error)) });
  }

  private delta(delta: JsonObject, logprobs?: readonly TokenLogprob[]): void {
    this.chunk(choicesOf(delta, logprobs));
  }

  private chunk(fields: JsonObject): void {
    this.write({ data: streamJson(this.chunkOf(fields)) });
  }

  private chunkOf(fields: JsonObject): JsonObject {
    const { created, names } = this;
    return { id: names.id, object: "chat.completion.chunk", created, model: names.model, ...fields };
  }
}

function choicesOf(delta: JsonObject, logprobs?: readonly TokenLogprob[]): JsonObject {
  const encoded = logprobs === undefined ? null : encodeLogprobs(logprobs);
  return { choices: [{ index: 0, delta, logprobs: encoded, finish_reason: null }] };
}

/** More of what a tool is called with. */
function callPiece(head: PartHead, text: string): JsonObject {
  return head.type === "tool-call" && head.inputEncoding === "text"
    ? { custom: { input: text } }
    : { function: { arguments: text } };
}
