import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { EventSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import { AiLibError as Failure } from "../../../core/errors/error.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin, TokenLogprob } from "../../../core/values/message.js";
import { writeLogprobs } from "../../shared/common/logprobs.js";
import { writeToolCall } from "../client/messages.js";
import { finishWord } from "../shared/finish.js";
import { writeChunk } from "../shared/parts-encode.js";
import { writeUsage } from "../shared/usage.js";
import { errorBody } from "./errors.js";
import { head, replyDestination } from "./reply.js";

/** Writes Mistral's chunks, closed by `[DONE]`. */
export class MistralWriter implements EventSink {
  private head: JsonObject | undefined;
  private over = false;
  /** Parts that have no pieces in this dialect: they are written whole at the end. */
  private readonly whole = new Set<number>();
  /** Thinking that its provider withheld: there is nothing of it to write. */
  private readonly withheld = new Set<number>();
  /** Place of each call among the calls. */
  private readonly calls = new Map<number, number>();

  constructor(
    private readonly write: (frame: Frame) => void,
    private readonly facts: ServerFacts,
  ) {}

  event(event: ChatEvent): void {
    if (this.over) return;
    switch (event.type) {
      case "start":
        this.begin(event);
        break;
      case "text-delta":
      case "refusal-delta":
        this.delta({ content: event.text }, event.logprobs);
        break;
      case "reasoning-delta":
        if (this.withheld.has(event.index)) break;
        this.delta({ content: [{ type: "thinking", thinking: [{ type: "text", text: event.text }] }] });
        break;
      case "part-start":
        if (event.part.type === "reasoning" && event.part.redacted === true && !this.readable(event.origin))
          this.withheld.add(event.index);
        this.partStart(event.index, event.part);
        break;
      case "tool-call-delta":
        this.callDelta(event.index, event.text);
        break;
      case "part-end":
        if (event.origin !== undefined) this.state(event.origin);
        break;
      case "part":
        this.part(event.index, event.part);
        break;
      case "media-delta":
      case "warning":
        break;
      case "restart":
        // What was written cannot be taken back, and an answer said twice is none.
        this.fail(
          new Failure({
            code: "PROVIDER_ERROR",
            message: "The answer began anew after it had been sent in part",
          }),
        );
        break;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  finish(response: ChatResponse): void {
    if (this.over) return;
    if (this.head === undefined) this.begin(response);
    for (const index of this.whole) {
      const part = response.content[index];
      if (part !== undefined) this.part(index, part);
    }
    this.over = true;
    this.chunk(
      [
        {
          index: 0,
          delta: { content: "" },
          finish_reason: finishWord(response.finishReason, response.rawFinishReason),
        },
      ],
      { usage: writeUsage(response.usage, response.serviceTier) },
    );
    this.write({ data: "[DONE]" });
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.write({ data: JSON.stringify(errorBody(error).body) });
  }

  private begin(answer: { readonly id?: string; readonly model?: string }): void {
    if (this.head !== undefined) return;
    this.head = { ...head(answer, this.facts), object: "chat.completion.chunk" };
    this.delta({ role: "assistant", content: "" });
  }

  private chunk(choices: readonly JsonObject[], more: JsonObject = {}): void {
    this.write({ data: JSON.stringify({ ...this.head, choices, ...more }) });
  }

  private delta(delta: JsonObject, logprobs?: readonly TokenLogprob[]): void {
    if (this.head === undefined) this.begin({});
    const choice = { index: 0, delta, finish_reason: null };
    this.chunk([logprobs === undefined ? choice : { ...choice, logprobs: writeLogprobs(logprobs) }]);
  }

  private partStart(index: number, part: (ChatEvent & { type: "part-start" })["part"]): void {
    switch (part.type) {
      case "tool-call": {
        if (part.executedBy !== undefined) break;
        const place = this.calls.size;
        this.calls.set(index, place);
        const { id, name } = part;
        this.delta({
          tool_calls: [{ id, type: "function", function: { name, arguments: "" }, index: place }],
        });
        break;
      }
      case "audio":
      case "image":
        this.whole.add(index);
        break;
      case "text":
      case "reasoning":
      case "refusal":
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private callDelta(index: number, text: string): void {
    const place = this.calls.get(index);
    if (place === undefined) return;
    this.delta({ tool_calls: [{ type: "function", function: { name: "", arguments: text }, index: place }] });
  }

  /** Whether state is of this dialect, so that withheld thinking can be written as the signature that it is. */
  private readable(origin: Origin | undefined): boolean {
    return (
      origin !== undefined &&
      writeChunk({ type: "reasoning", text: "", redacted: true, origin }, "content", replyDestination()) !==
        undefined
    );
  }

  /** A signature comes with the last of the thinking that it is of. */
  private state(origin: Origin): void {
    const chunk = writeChunk({ type: "reasoning", text: "", origin }, "content", replyDestination());
    if (chunk?.["signature"] !== undefined) this.delta({ content: [chunk] });
  }

  private part(index: number, part: ContentPart): void {
    if (part.type === "tool-call" && part.executedBy === undefined) {
      const place = this.calls.size;
      this.calls.set(index, place);
      this.delta({ tool_calls: [{ ...writeToolCall(part, part.id), index: place }] });
    } else if (part.type === "text") this.delta({ content: part.text }, part.logprobs);
    else if (part.type === "refusal") this.delta({ content: part.text });
    else {
      const chunk = writeChunk({ ...part, extensions: undefined }, "content", replyDestination());
      if (chunk !== undefined) this.delta({ content: [chunk] });
    }
  }
}
