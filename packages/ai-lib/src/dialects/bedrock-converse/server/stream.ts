import type { EventSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { replayEvents } from "../../../core/kinds/chat/replay.js";
import type { ChatEvent, PartEndEvent, PartEvent, PartStartEvent } from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { asArray, asObject, type JsonObject } from "../../../core/values/json.js";
import { stopReasonOf } from "../shared/finish.js";
import { formatOf } from "../shared/media.js";
import { errorFrame } from "./errors.js";
import { answerBlock, answerCitation, ownState } from "./parts.js";
import { measured } from "./reply.js";

/** A part whose end has not come. */
interface OpenPart {
  readonly type: "text" | "reasoning" | "withheld" | "tool-call" | "image";
  readonly block: number;
  /** A delta was written: a block of text or reasoning is nothing without. */
  fed: boolean;
}

/** Writes an answer as the dialect's events. */
export class BedrockEncoder implements EventSink {
  private begun = false;
  private over = false;
  private blocks = 0;
  private readonly open = new Map<number, OpenPart>();
  /** A text's block stays open until the next part, since its citations may follow it. */
  private unclosed: { readonly part: number; readonly block: number } | undefined;

  constructor(private readonly write: (frame: Frame) => void) {}

  event(event: ChatEvent): void {
    if (this.over) return;
    switch (event.type) {
      case "start":
        this.begin();
        break;
      case "text-delta":
      case "refusal-delta":
        this.delta(event.index, { text: event.text });
        break;
      case "reasoning-delta":
        this.delta(event.index, { reasoningContent: { text: event.text } });
        break;
      case "tool-call-delta":
        this.delta(event.index, { toolUse: { input: event.text } });
        break;
      case "media-delta":
        if (event.data !== undefined) this.delta(event.index, { image: { source: { bytes: event.data } } });
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
    const { additionalModelResponseFields: additional, ...kept } =
      response.extensions?.["bedrock-converse"] ?? {};
    this.send("messageStop", {
      stopReason: stopReasonOf(response.finishReason, response.rawFinishReason),
      ...(additional === undefined ? {} : { additionalModelResponseFields: additional }),
    });
    this.send("metadata", { ...measured(response), ...kept });
    this.over = true;
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.write(errorFrame(error));
  }

  private begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.send("messageStart", { role: "assistant" });
  }

  private startPart({ index, part }: PartStartEvent): void {
    this.begin();
    this.closeText();
    switch (part.type) {
      case "text":
      case "refusal":
        this.open.set(index, { type: "text", block: this.blocks++, fed: false });
        break;
      case "reasoning":
        this.open.set(index, {
          type: part.redacted === true ? "withheld" : "reasoning",
          block: this.blocks++,
          fed: false,
        });
        break;
      case "tool-call": {
        const block = this.blocks++;
        this.open.set(index, { type: "tool-call", block, fed: false });
        const toolUse: JsonObject = {
          toolUseId: part.id,
          name: part.name,
          ...(part.executedBy === undefined ? {} : { type: "server_tool_use" }),
        };
        this.send("contentBlockStart", { contentBlockIndex: block, start: { toolUse } });
        break;
      }
      case "image": {
        const format = formatOf(part.mediaType)?.format;
        if (format === undefined) break;
        const block = this.blocks++;
        this.open.set(index, { type: "image", block, fed: false });
        this.send("contentBlockStart", { contentBlockIndex: block, start: { image: { format } } });
        break;
      }
      // A stream has no sound.
      case "audio":
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private delta(index: number, delta: JsonObject): void {
    const part = this.open.get(index);
    if (part === undefined) return;
    part.fed = true;
    this.send("contentBlockDelta", { contentBlockIndex: part.block, delta });
  }

  private endPart({ index, origin }: PartEndEvent): void {
    const part = this.open.get(index);
    if (part === undefined) return;
    if (part.type === "text") {
      if (!part.fed) this.delta(index, { text: "" });
      this.open.delete(index);
      this.unclosed = { part: index, block: part.block };
      return;
    }
    if (part.type === "reasoning") {
      const signature = ownState(origin)?.["signature"];
      if (!part.fed) this.delta(index, { reasoningContent: { text: "" } });
      if (typeof signature === "string") this.delta(index, { reasoningContent: { signature } });
    } else if (part.type === "withheld") {
      const state = origin === undefined ? {} : { origin };
      const block = answerBlock({ type: "reasoning", text: "", redacted: true, ...state });
      const reasoning = asObject(block?.["reasoningContent"]);
      if (reasoning !== undefined) this.delta(index, { reasoningContent: reasoning });
    }
    this.open.delete(index);
    this.send("contentBlockStop", { contentBlockIndex: part.block });
  }

  private wholePart({ index, part }: PartEvent): void {
    this.begin();
    if (part.type === "source") {
      const near = part.cites === undefined || part.cites.index === this.unclosed?.part;
      const live = this.open.get(part.cites?.index ?? -1);
      const delta = { citation: answerCitation(part) };
      if (live?.type === "text") this.send("contentBlockDelta", { contentBlockIndex: live.block, delta });
      else if (near && this.unclosed !== undefined)
        this.send("contentBlockDelta", { contentBlockIndex: this.unclosed.block, delta });
      else this.block(delta);
      return;
    }
    this.closeText();
    if (part.type === "text" || part.type === "reasoning" || part.type === "tool-call") {
      // Marks and vendor fields have no place in an answer; without them a part is told in deltas.
      const { cache: _mark, extensions: _fields, ...plain } = part;
      for (const event of replayEvents([plain], {}).slice(1))
        this.event("index" in event ? { ...event, index } : event);
      return;
    }
    const block = answerBlock(part);
    const result = asObject(block?.["toolResult"]);
    const image = asObject(block?.["image"]);
    if (result !== undefined) {
      const { content, ...start } = result;
      this.block({ toolResult: [...asArray(content)] as JsonObject[] }, { toolResult: start });
    } else if (image !== undefined) {
      const { source, format } = image;
      this.block({ image: { source } }, { image: { format } });
    } else if (part.type === "refusal") this.block({ text: part.text });
  }

  /** A block of one delta. */
  private block(delta: JsonObject, start?: JsonObject): void {
    const contentBlockIndex = this.blocks++;
    if (start !== undefined) this.send("contentBlockStart", { contentBlockIndex, start });
    this.send("contentBlockDelta", { contentBlockIndex, delta });
    this.send("contentBlockStop", { contentBlockIndex });
  }

  private closeText(): void {
    if (this.unclosed === undefined) return;
    this.send("contentBlockStop", { contentBlockIndex: this.unclosed.block });
    this.unclosed = undefined;
  }

  private send(event: string, fields: JsonObject): void {
    this.write({ event, data: JSON.stringify(fields) });
  }
}
