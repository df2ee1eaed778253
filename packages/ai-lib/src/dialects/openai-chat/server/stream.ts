import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { EventSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { joinBase64 } from "../../../core/kinds/chat/fold.js";
import type { ChatEvent, PartHead } from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin, TokenLogprob } from "../../../core/values/message.js";
import { writeLogprobs } from "../../shared/common/logprobs.js";
import { errorBody } from "../../shared/openai/error-encode.js";
import { writeAnnotation } from "../shared/citations.js";
import { finishWord } from "../shared/finish.js";
import { writeExtraContent, writeReasoningState } from "../shared/state.js";
import { writeUsage } from "../shared/usage.js";
import { ExecutedTools, isHeld, writeAudio, writeImage } from "./reply.js";

/** A part whose deltas have no place of their own on the wire: it is written when it is whole. */
interface Held {
  readonly head: PartHead;
  text: string;
  readonly data: string[];
}

/**
 * Writes the chunks of a stream (https://platform.openai.com/docs/api-reference/chat/streaming): role first, one
 * chunk a delta, finish reason, usage on a chunk without choices, `[DONE]`.
 */
export class ChatStreamEncoder implements EventSink {
  private id: string;
  private model: string;
  private readonly created: number;
  private begun = false;
  private over = false;
  /** The wire's position of each call, by the index of its part. */
  private readonly calls = new Map<number, number>();
  private readonly held = new Map<number, Held>();
  private readonly executed = new ExecutedTools();

  constructor(
    private readonly write: (frame: Frame) => void,
    facts: ServerFacts,
  ) {
    this.id = facts.id;
    this.model = facts.model ?? "";
    this.created = Math.floor(facts.created / 1_000);
  }

  event(event: ChatEvent): void {
    if (this.over) return;
    switch (event.type) {
      case "start":
        if (!this.begun) {
          this.id = event.id ?? this.id;
          this.model = event.model ?? this.model;
        }
        break;
      case "text-delta":
        if (event.text !== "" || event.logprobs !== undefined)
          this.delta({ content: event.text }, event.logprobs);
        break;
      case "reasoning-delta":
        if (event.text !== "") this.delta({ reasoning_content: event.text });
        break;
      case "refusal-delta":
        if (event.text !== "") this.delta({ refusal: event.text });
        break;
      case "tool-call-delta":
        this.callDelta(event.index, event.text);
        break;
      case "media-delta":
        this.mediaDelta(event.index, event.data, event.transcript);
        break;
      case "part-start":
        this.partStart(event.index, event.part);
        break;
      case "part-end":
        this.partEnd(event.index, event.origin);
        break;
      case "part":
        this.part(event.part);
        break;
      case "warning":
        break;
      case "restart":
        this.restart();
        break;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  finish(response: ChatResponse): void {
    if (this.over) return;
    if (!this.begun) {
      this.id = response.id;
      this.model = response.model;
    }
    const tier = response.serviceTier === undefined ? {} : { service_tier: response.serviceTier };
    const last = {
      index: 0,
      delta: this.role(),
      logprobs: null,
      finish_reason: finishWord(response.finishReason),
    };
    this.write({ data: JSON.stringify({ ...this.envelope(), choices: [last], ...tier }) });
    if (response.usageStatus !== "unsupported")
      this.write({
        data: JSON.stringify({ ...this.envelope(), choices: [], usage: writeUsage(response.usage) }),
      });
    this.write({ data: "[DONE]" });
    this.over = true;
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.write({ data: JSON.stringify(errorBody(error)) });
  }

  private restart(): void {
    if (!this.begun) return;
    this.fail(
      new AiLibError({
        code: "STREAM_TRUNCATED",
        message: "The answer began anew after a part of it was sent, which this dialect cannot say",
      }),
    );
  }

  private partStart(index: number, part: PartHead): void {
    if (part.type === "tool-call" && part.executedBy === undefined) {
      const position = this.calls.size;
      this.calls.set(index, position);
      this.delta({
        tool_calls: [
          { index: position, id: part.id, type: "function", function: { name: part.name, arguments: "" } },
        ],
      });
    } else if (part.type === "tool-call" || part.type === "image" || part.type === "reasoning")
      this.held.set(index, { head: part, text: "", data: [] });
  }

  private callDelta(index: number, text: string): void {
    const position = this.calls.get(index);
    const held = this.held.get(index);
    if (held !== undefined) held.text += text;
    else if (position !== undefined && text !== "")
      this.delta({ tool_calls: [{ index: position, function: { arguments: text } }] });
  }

  private mediaDelta(index: number, data: string | undefined, transcript: string | undefined): void {
    const held = this.held.get(index);
    if (held !== undefined && data !== undefined) held.data.push(data);
    else if (held !== undefined) return;
    else
      this.delta({
        audio: {
          ...(data === undefined ? {} : { data }),
          ...(transcript === undefined ? {} : { transcript }),
        },
      });
  }

  private partEnd(index: number, origin: Origin | undefined): void {
    const held = this.held.get(index);
    this.held.delete(index);
    const position = this.calls.get(index);
    if (held?.head.type === "tool-call")
      this.delta({
        executed_tools: [
          this.executed.call({
            type: "tool-call",
            id: held.head.id,
            name: held.head.name,
            argumentsText: held.text,
          }),
        ],
      });
    else if (held?.head.type === "image")
      this.part({ type: "image", mediaType: held.head.mediaType, data: joinBase64(held.data) });
    else if (origin === undefined) return;
    else if (held?.head.type === "reasoning") this.delta({ reasoning_details: writeReasoningState(origin) });
    else if (position !== undefined)
      this.delta({ tool_calls: [{ index: position, extra_content: writeExtraContent(origin) }] });
    else if (origin.data["audio"] !== undefined) this.delta({ audio: origin.data["audio"] });
    else this.delta({ extra_content: writeExtraContent(origin) });
  }

  /** A part that came in one piece. */
  private part(part: ContentPart): void {
    switch (part.type) {
      case "text":
        this.delta({ content: part.text }, part.logprobs);
        if (part.origin !== undefined) this.delta({ extra_content: writeExtraContent(part.origin) });
        break;
      case "reasoning":
        if (part.text !== "") this.delta({ reasoning_content: part.text });
        if (part.origin !== undefined) this.delta({ reasoning_details: writeReasoningState(part.origin) });
        break;
      case "refusal":
        this.delta({ refusal: part.text });
        break;
      case "tool-call":
        if (part.executedBy === "provider") this.delta({ executed_tools: [this.executed.call(part)] });
        else {
          const position = this.calls.size;
          this.calls.set(-1 - position, position);
          this.delta({
            tool_calls: [
              {
                index: position,
                id: part.id,
                type: "function",
                function: {
                  name: part.name,
                  arguments: part.argumentsText ?? JSON.stringify(part.arguments ?? {}),
                },
                ...(part.origin === undefined ? {} : { extra_content: writeExtraContent(part.origin) }),
              },
            ],
          });
        }
        break;
      case "tool-result":
        this.delta({ executed_tools: [this.executed.result(part)] });
        break;
      case "source":
        this.delta({ annotations: [writeAnnotation(part)] });
        break;
      case "image":
        if (isHeld(part)) this.delta({ images: [writeImage(part)] });
        break;
      case "audio":
        if (part.data !== undefined) this.delta({ audio: writeAudio(part) });
        else if (part.transcript !== undefined) this.delta({ content: part.transcript });
        break;
      case "file":
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private delta(delta: JsonObject, logprobs?: readonly TokenLogprob[]): void {
    this.chunk({
      index: 0,
      delta: this.begun ? delta : { ...this.role(), ...delta },
      logprobs: logprobs === undefined ? null : writeLogprobs(logprobs),
      finish_reason: null,
    });
  }

  private role(): JsonObject {
    return this.begun ? {} : { role: "assistant" };
  }

  private chunk(choice: JsonObject): void {
    this.begun = true;
    this.write({ data: JSON.stringify({ ...this.envelope(), choices: [choice] }) });
  }

  private envelope(): JsonObject {
    return { id: this.id, object: "chat.completion.chunk", created: this.created, model: this.model };
  }
}
