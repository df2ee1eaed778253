import type { AiLibError } from "../../../core/errors/error.js";
import { estimateChat } from "../../../core/kinds/chat/estimate.js";
import type {
  DeltaEvent,
  PartEndEvent,
  PartEvent,
  PartHead,
  PartStartEvent,
} from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { Usage } from "../../../core/values/usage.js";
import { AnswerWriter, type PartRoute } from "../../shared/common/answer-writer.js";
import { streamJson } from "../../shared/common/stream-json.js";
import { TextTemplate } from "../../shared/common/text-template.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { rawUsageOf } from "../shared/usage.js";
import { errorBody } from "./errors.js";
import { answerBlock, answerCitation, callBlock, isForeignCall, ownState, reasoningBlock } from "./parts.js";
import { encodeEnding, UNUSED } from "./reply.js";

/** Writes an answer as the events of a stream: https://platform.claude.com/docs/en/build-with-claude/streaming. */
export class AnthropicStreamEncoder extends AnswerWriter {
  protected override readonly sequential = true;
  private count = 0;
  /** Blocks of open parts. Redacted thinking has none until its state is known. */
  private readonly blocks = new Map<number, number>();
  /** Calls that another provider ran. */
  private readonly omitted = new Set<number>();
  /** Blocks of text parts, which sources cite by the part's position. */
  private readonly texts = new Map<number, number>();
  private lastText: number | undefined;
  /** Citations of texts that follow them, by the text's position. */
  private readonly early = new Map<number, JsonObject[]>();
  /** A text's block stays open until the next part, since its citations may follow. */
  private unclosed: number | undefined;
  /** The deltas of the block that had the last one. */
  private deltas: { readonly block: number; readonly text: TextTemplate } | undefined;

  protected routeOf(head: PartHead): PartRoute {
    switch (head.type) {
      case "text":
      case "reasoning":
      case "tool-call":
        return "pieces";
      // The end of the answer explains a refusal; the dialect has no media.
      case "refusal":
      case "audio":
      case "image":
        return "omit";
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  protected encodeHead(): void {
    const message = {
      id: this.names.id,
      type: "message",
      role: "assistant",
      model: this.names.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      ...UNUSED,
      usage:
        this.usage === undefined
          ? { ...rawUsageOf(this.estimate(), undefined), estimated: true }
          : rawUsageOf({ ...this.usage, outputTokens: 0 }, undefined),
    };
    this.send("message_start", { message });
  }

  /**
   * Estimated input tokens, for a source that counts them only at the end. Some clients, such as LangChain's, read them
   * only at the start. The end of the stream corrects the estimate.
   */
  private estimate(): Usage {
    const { request } = this.facts;
    return { inputTokens: request === undefined ? 0 : estimateChat(request).inputTokens, outputTokens: 0 };
  }

  protected encodePartStart({ index, part, origin }: PartStartEvent): void {
    this.closeText();
    if (part.type === "text") {
      const block = this.startBlock({ type: "text", text: "" });
      this.blocks.set(index, block);
      this.texts.set(index, block);
      this.lastText = block;
    } else if (part.type === "tool-call") {
      const call = { ...part, ...(origin === undefined ? {} : { origin }) };
      if (isForeignCall(call)) this.omitted.add(index);
      else this.blocks.set(index, this.startBlock(callBlock(call)));
    } else if (part.type === "reasoning" && part.redacted !== true)
      this.blocks.set(index, this.startBlock({ type: "thinking", thinking: "", signature: "" }));
  }

  protected encodeDelta({ type, index, text }: DeltaEvent): void {
    switch (type) {
      case "text-delta":
        this.piece(index, text, textDelta);
        break;
      case "reasoning-delta":
        this.piece(index, text, thinkingDelta);
        break;
      case "tool-call-delta":
        this.piece(index, text, inputDelta);
        break;
      case "refusal-delta":
        break;
      default: {
        const never: never = type;
        throw new TypeError(`Unknown event ${String(never)}`);
      }
    }
  }

  protected encodePartEnd({ index, origin }: PartEndEvent, { type }: PartHead): void {
    if (this.omitted.delete(index)) return;
    const block = this.blocks.get(index);
    this.blocks.delete(index);
    if (block === undefined) {
      const state = origin === undefined ? {} : { origin };
      this.wholeBlock(reasoningBlock({ type: "reasoning", text: "", redacted: true, ...state }));
      return;
    }
    if (type === "text") {
      this.unclosed = block;
      for (const delta of this.early.get(index) ?? []) this.send(CONTENT_DELTA, { index: block, delta });
      this.early.delete(index);
      return;
    }
    const signature = ownState(origin)?.["signature"];
    if (type === "reasoning" && typeof signature === "string")
      this.send("content_block_delta", { index: block, delta: { type: "signature_delta", signature } });
    this.send("content_block_stop", { index: block });
  }

  protected encodePart({ part, index: at }: PartEvent): void {
    if (part.type !== "source") {
      this.wholeBlock(answerBlock(part));
      return;
    }
    const delta = { type: "citations_delta", citation: answerCitation(part) };
    const cited = part.cites?.index ?? -1;
    if (cited > at) {
      const waiting = this.early.get(cited);
      if (waiting === undefined) this.early.set(cited, [delta]);
      else waiting.push(delta);
      return;
    }
    const index = this.texts.get(cited) ?? this.lastText;
    if (index !== undefined) this.send("content_block_delta", { index, delta });
  }

  protected encodeEnd(response: ChatResponse): void {
    this.closeText();
    const { context_management: management, diagnostics, ...delta } = encodeEnding(response);
    this.send("message_delta", {
      delta: { container: null, ...delta },
      usage: markedUsage(rawUsageOf(response.usage, response.serviceTier), response),
      context_management: management ?? null,
      ...(diagnostics === undefined || diagnostics === null ? {} : { diagnostics }),
    });
    this.send("message_stop", {});
  }

  protected encodeFailure(error: AiLibError): void {
    this.write({ event: "error", data: streamJson(errorBody(error)) });
  }

  private wholeBlock(block: JsonObject | undefined): void {
    if (block === undefined) return;
    this.closeText();
    this.send("content_block_stop", { index: this.startBlock(block) });
  }

  private startBlock(block: JsonObject): number {
    const index = this.count++;
    this.send("content_block_start", { index, content_block: block });
    return index;
  }

  /** Writes a delta of a block whose deltas are all of one type. */
  private piece(index: number, text: string, deltaOf: (text: string) => JsonObject): void {
    const block = this.blocks.get(index);
    if (block === undefined) return;
    if (this.deltas?.block !== block) {
      const type = CONTENT_DELTA;
      this.deltas = {
        block,
        text: new TextTemplate((piece) => ({ type, index: block, delta: deltaOf(piece) })),
      };
    }
    this.write({ event: CONTENT_DELTA, data: this.deltas.text.json(text) });
  }

  private closeText(): void {
    if (this.unclosed === undefined) return;
    this.send("content_block_stop", { index: this.unclosed });
    this.unclosed = undefined;
  }

  private send(type: string, fields: JsonObject): void {
    this.write({ event: type, data: streamJson({ type, ...fields }) });
  }
}

const CONTENT_DELTA = "content_block_delta";

const textDelta = (text: string): JsonObject => ({ type: "text_delta", text });
const thinkingDelta = (thinking: string): JsonObject => ({
  type: "thinking_delta",
  thinking,
  estimated_tokens: null,
});
const inputDelta = (text: string): JsonObject => ({ type: "input_json_delta", partial_json: text });
