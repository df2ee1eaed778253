import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { EventSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { replayEvents } from "../../../core/kinds/chat/replay.js";
import type {
  ChatEvent,
  PartEndEvent,
  PartEvent,
  PartHead,
  PartStartEvent,
} from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import { rawUsageOf } from "../shared/usage.js";
import { errorBody } from "./errors.js";
import { answerBlock, answerCitation, callBlock, ownState, reasoningBlock } from "./parts.js";
import { ending } from "./reply.js";

/** A part whose end has not come. */
interface OpenPart {
  readonly type: PartHead["type"];
  /** Its block's index; undefined for withheld thinking, which is written when its state is known. */
  readonly block: number | undefined;
}

/** Writes an answer as the dialect's stream. */
export class AnthropicEncoder implements EventSink {
  private begun = false;
  private over = false;
  private blocks = 0;
  private readonly open = new Map<number, OpenPart>();
  /** Blocks of text parts, which sources cite by the part's position. */
  private readonly texts = new Map<number, number>();
  private lastText: number | undefined;
  /** A text's block stays open until the next part, since its citations may follow it. */
  private unclosed: number | undefined;

  constructor(
    private readonly write: (frame: Frame) => void,
    private readonly facts: ServerFacts,
  ) {}

  event(event: ChatEvent): void {
    if (this.over) return;
    switch (event.type) {
      case "start":
        this.begin(event.id, event.model);
        break;
      case "text-delta":
        this.delta(event.index, { type: "text_delta", text: event.text });
        break;
      case "reasoning-delta":
        this.delta(event.index, { type: "thinking_delta", thinking: event.text });
        break;
      case "tool-call-delta":
        this.delta(event.index, { type: "input_json_delta", partial_json: event.text });
        break;
      case "part-start":
        this.startPart(event);
        break;
      case "part-end":
        this.endPart(event);
        break;
      case "part":
        this.wholePart(event);
        break;
      case "restart":
        this.fail(
          new AiLibError({
            code: "PROVIDER_ERROR",
            message: "The answer began anew, which a stream cannot say",
          }),
        );
        break;
      // A refusal is told in full at the end; the dialect has no media and no warnings.
      case "refusal-delta":
      case "media-delta":
      case "warning":
        break;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  finish(response: ChatResponse): void {
    if (this.over) return;
    // A unary call only ends: its events are made here.
    if (!this.begun) for (const event of replayEvents(response.content, response)) this.event(event);
    for (const index of [...this.open.keys()]) this.endPart({ type: "part-end", index });
    this.closeText();
    const { context_management: management, ...delta } = ending(response);
    this.send("message_delta", {
      delta,
      usage: rawUsageOf(response.usage, response.serviceTier),
      ...(management === undefined ? {} : { context_management: management }),
    });
    this.send("message_stop", {});
    this.over = true;
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.write({ event: "error", data: JSON.stringify(errorBody(error)) });
  }

  private begin(id: string | undefined, model: string | undefined): void {
    if (this.begun) return;
    this.begun = true;
    const message = {
      id: id ?? this.facts.id,
      type: "message",
      role: "assistant",
      model: model ?? this.facts.model ?? "",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 0, output_tokens: 0 },
    };
    this.send("message_start", { message });
  }

  private startPart({ index, part, origin }: PartStartEvent): void {
    this.begin(undefined, undefined);
    this.closeText();
    switch (part.type) {
      case "text": {
        const block = this.startBlock({ type: "text", text: "" });
        this.open.set(index, { type: part.type, block });
        this.texts.set(index, block);
        this.lastText = block;
        break;
      }
      case "reasoning": {
        const block =
          part.redacted === true
            ? undefined
            : this.startBlock({ type: "thinking", thinking: "", signature: "" });
        this.open.set(index, { type: part.type, block });
        break;
      }
      case "tool-call": {
        const block = this.startBlock(callBlock({ ...part, ...(origin === undefined ? {} : { origin }) }));
        this.open.set(index, { type: part.type, block });
        break;
      }
      case "refusal":
      case "audio":
      case "image":
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private endPart({ index, origin }: PartEndEvent): void {
    const part = this.open.get(index);
    if (part === undefined) return;
    this.open.delete(index);
    const { type, block } = part;
    if (block === undefined) {
      const state = origin === undefined ? {} : { origin };
      this.wholeBlock(reasoningBlock({ type: "reasoning", text: "", redacted: true, ...state }));
      return;
    }
    if (type === "text") {
      this.unclosed = block;
      return;
    }
    const signature = ownState(origin)?.["signature"];
    if (type === "reasoning" && typeof signature === "string")
      this.send("content_block_delta", { index: block, delta: { type: "signature_delta", signature } });
    this.send("content_block_stop", { index: block });
  }

  private wholePart({ index, part }: PartEvent): void {
    this.begin(undefined, undefined);
    if (part.type === "source") {
      const block = this.texts.get(part.cites?.index ?? -1) ?? this.lastText;
      if (block !== undefined)
        this.send("content_block_delta", {
          index: block,
          delta: { type: "citations_delta", citation: answerCitation(part) },
        });
      return;
    }
    this.closeText();
    if (part.type === "text") {
      this.startPart({ type: "part-start", index, part: { type: "text" } });
      if (part.text !== "") this.delta(index, { type: "text_delta", text: part.text });
      this.endPart({ type: "part-end", index });
    } else this.wholeBlock(answerBlock(part));
  }

  private wholeBlock(block: JsonObject | undefined): void {
    if (block === undefined) return;
    this.closeText();
    const index = this.startBlock(block);
    this.send("content_block_stop", { index });
  }

  private startBlock(block: JsonObject): number {
    const index = this.blocks++;
    this.send("content_block_start", { index, content_block: block });
    return index;
  }

  private delta(index: number, delta: JsonObject): void {
    const block = this.open.get(index)?.block;
    if (block !== undefined) this.send("content_block_delta", { index: block, delta });
  }

  private closeText(): void {
    if (this.unclosed === undefined) return;
    this.send("content_block_stop", { index: this.unclosed });
    this.unclosed = undefined;
  }

  private send(type: string, fields: JsonObject): void {
    this.write({ event: type, data: JSON.stringify({ type, ...fields }) });
  }
}
