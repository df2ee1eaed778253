import type { AiLibError } from "../../../core/errors/error.js";
import type {
  DeltaEvent,
  PartEndEvent,
  PartEvent,
  PartHead,
  PartStartEvent,
} from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { Origin, TokenLogprob } from "../../../core/values/message.js";
import { AnswerWriter, type PartRoute } from "../../shared/common/answer-writer.js";
import { encodeLogprobs } from "../../shared/common/logprobs.js";
import { streamJson } from "../../shared/common/stream-json.js";
import { TextTemplate } from "../../shared/common/text-template.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { encodeToolCall } from "../../shared/openai/tool-call.js";
import { finishWord } from "../shared/finish.js";
import { encodeUsage } from "../shared/usage.js";
import { errorBody } from "./errors.js";
import { encodeAnswerPart } from "./parts.js";

/** Writes Mistral's chunks, closed by `[DONE]`: https://docs.mistral.ai/api/endpoint/chat. */
export class MistralStreamEncoder extends AnswerWriter {
  private readonly created = Math.floor(this.facts.created / 1_000);
  /** Parts of redacted thinking, which have nothing to write. */
  private readonly withheld = new Set<number>();
  /** Calls so far. */
  private calls = 0;
  private readonly text = new TextTemplate((content) => this.chunkOf(choiceOf({ content })));

  protected routeOf(head: PartHead): PartRoute {
    switch (head.type) {
      case "text":
      case "refusal":
      case "reasoning":
        return "pieces";
      case "tool-call":
        // Mistral sends each call whole, and clients such as LangChain's read no pieces of one.
        return head.executedBy === undefined ? "whole" : "omit";
      case "audio":
      case "image":
        return "whole";
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  protected encodeHead(): void {
    this.delta({ role: "assistant", content: "" });
  }

  protected encodePartStart({ index, part, origin }: PartStartEvent): void {
    if (part.type === "reasoning" && part.redacted === true && !this.readable(origin))
      this.withheld.add(index);
  }

  protected encodeDelta({ type, index, text, logprobs }: DeltaEvent): void {
    switch (type) {
      case "text-delta":
      case "refusal-delta":
        if (logprobs === undefined) this.write({ data: this.text.json(text) });
        else this.delta({ content: text }, logprobs);
        break;
      case "reasoning-delta":
        if (!this.withheld.has(index))
          this.delta({ content: [{ type: "thinking", thinking: [{ type: "text", text }] }] });
        break;
      case "tool-call-delta":
        break;
      default: {
        const never: never = type;
        throw new TypeError(`Unknown event ${String(never)}`);
      }
    }
  }

  /** A signature follows the thinking that it signs. */
  protected encodePartEnd({ origin }: PartEndEvent): void {
    if (origin === undefined) return;
    const chunk = encodeAnswerPart({ type: "reasoning", text: "", origin });
    if (chunk?.["signature"] !== undefined) this.delta({ content: [chunk] });
  }

  protected encodePart({ part }: PartEvent): void {
    if (part.type === "tool-call") {
      if (part.executedBy === undefined)
        this.delta({ tool_calls: [{ ...encodeToolCall(part), index: this.calls++ }] });
      return;
    }
    const chunk = encodeAnswerPart(part);
    if (chunk !== undefined) this.delta({ content: [chunk] });
  }

  protected encodeEnd(response: ChatResponse): void {
    const { finishReason, rawFinishReason, usage, serviceTier } = response;
    const word = finishWord(finishReason, rawFinishReason);
    this.chunk(
      { index: 0, delta: { content: "" }, finish_reason: word },
      markedUsage(encodeUsage(usage, serviceTier), response),
    );
    this.write({ data: "[DONE]" });
  }

  protected encodeFailure(error: AiLibError): void {
    this.write({ data: streamJson(errorBody(error)) });
  }

  private chunk(choice: JsonObject, usage?: JsonObject): void {
    this.write({ data: streamJson(this.chunkOf(choice, usage)) });
  }

  private chunkOf(choice: JsonObject, usage?: JsonObject): unknown {
    const { created, names } = this;
    return {
      id: names.id,
      created,
      model: names.model,
      object: "chat.completion.chunk",
      choices: [choice],
      usage,
    };
  }

  private delta(delta: JsonObject, logprobs?: readonly TokenLogprob[]): void {
    const choice = choiceOf(delta);
    this.chunk(logprobs === undefined ? choice : { ...choice, logprobs: encodeLogprobs(logprobs) });
  }

  /** Whether state is of this dialect, so that redacted thinking can be written as its signature. */
  private readable(origin: Origin | undefined): boolean {
    return encodeAnswerPart({ type: "reasoning", text: "", redacted: true, origin }) !== undefined;
  }
}

function choiceOf(delta: JsonObject): JsonObject {
  return { index: 0, delta, finish_reason: null };
}
