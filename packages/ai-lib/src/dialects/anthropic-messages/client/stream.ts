import type { DialectTarget, StreamDecoder, TextFrames } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  parseJson,
} from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { defined } from "../../shared/common/body-fields.js";
import { DeltaTemplate } from "../../shared/common/delta-template.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import { repeatsArguments } from "../../shared/common/repeats.js";
import { invalidStream, MalformedFrames, truncated } from "../../shared/common/stream-errors.js";
import { sourceOf } from "../shared/citations.js";
import { pushBlock } from "../shared/parts.js";
import { mergeUsage, usageOf } from "../shared/usage.js";
import { errorOf } from "./errors.js";
import { endFactsOf, isErrorBody, noFacts, noteFacts, Origins, refusalOf } from "./facts.js";
import { type Block, newBlock, openingOf, TEXT_DELTA } from "./stream-block.js";

/** The most characters of a block that is buffered until it is complete, such as a compaction's summary. */
const MAX_BUFFERED = 16 * 1024 * 1024;

/** The position of a block that has no part yet. */
const NO_PART = -1;

/**
 * Decodes a stream (https://platform.claude.com/docs/en/build-with-claude/streaming): `message_start`, blocks with
 * their deltas, `message_delta`, `message_stop`. Only the last ends it.
 */
export class AnthropicStreamDecoder implements StreamDecoder {
  private readonly facts = noFacts();
  private readonly origins: Origins;
  private readonly blocks = new Map<number, Block>();
  private parts = 0;
  private started = false;
  private done = false;
  private readonly template = new DeltaTemplate(TEXT_DELTA);
  private templateIndex = 0;
  private readonly malformed: MalformedFrames;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {
    this.origins = new Origins(target);
    this.malformed = new MalformedFrames(target, out);
  }

  frame(frame: Frame): void {
    if (this.done || this.plain(frame.data)) return;
    let event: unknown;
    try {
      event = parseJson(frame.data);
    } catch {
      this.skip(frame.data);
      return;
    }
    if (!isObject(event)) {
      this.skip(frame.data);
      return;
    }
    switch (event["type"] ?? frame.event) {
      case "content_block_delta":
        this.delta(event["index"], event["delta"]);
        if (this.template.learn(frame.data, event)) this.templateIndex = asNumber(event["index"]) ?? -1;
        break;
      case "content_block_start":
        this.begin(event["index"], event["content_block"]);
        break;
      case "content_block_stop": {
        const block = this.blocks.get(asNumber(event["index"]) ?? -1);
        if (block?.open === true) this.close(block);
        break;
      }
      case "message_start":
        this.start(asObject(event["message"]) ?? {});
        break;
      case "message_delta":
        this.update(event);
        break;
      case "message_stop":
        // Some gateways send the usage with the last event alone.
        this.facts.usage = mergeUsage(this.facts.usage, event["usage"]);
        this.finish();
        break;
      default:
        if (isErrorBody(event)) this.fail(errorOf(event, this.target));
    }
  }

  /** Decodes a delta of plain text without parsing its JSON; false for any other frame. */
  private plain(data: string): boolean {
    const text = this.template.text(data);
    const block = text === undefined ? undefined : this.templateBlock;
    if (block?.kind !== "text") return false;
    this.text(block, "text-delta", text);
    return true;
  }

  get textFrames(): TextFrames | undefined {
    const { textFrames } = this.template;
    return textFrames === undefined || this.done || this.templateBlock?.kind !== "text"
      ? undefined
      : textFrames;
  }

  addText(text: string): void {
    const { templateBlock } = this;
    if (templateBlock !== undefined) this.text(templateBlock, "text-delta", text);
  }

  private get templateBlock(): Block | undefined {
    return this.blocks.get(this.templateIndex);
  }

  /** The stop reason arrives with the whole usage, ahead of `message_stop`. */
  get finished(): "whole" | undefined {
    return this.facts.stopReason === undefined ? undefined : "whole";
  }

  settle(): void {
    if (!this.done) this.finish();
  }

  end(): void {
    if (this.done) return;
    this.fail(truncated(this.target, "message_stop"));
  }

  private start(message: JsonObject): void {
    if (this.started) {
      const id = asString(message["id"]);
      if (id !== undefined && this.facts.id !== undefined && id !== this.facts.id)
        this.invalid(`a second message ("${id}") began within the first ("${this.facts.id}")`);
      return;
    }
    noteFacts(this.facts, message);
    this.facts.usage = mergeUsage(undefined, message["usage"]);
    this.origins.answeredBy(this.facts.model);
    this.open();
    // A turn that continues after a tool call made by code has its whole message in the start event: recording
    // anthropic.anthropic-messages.stream.anthropic-programmatic-tool-calling-1.
    const content: ContentPart[] = [];
    asArray(message["content"]).forEach((block, wireIndex) => {
      const part = this.parts + content.length;
      pushBlock(content, block, this.origins);
      this.blocks.set(wireIndex, newBlock("skipped", part));
    });
    for (const part of content) this.out.event({ type: "part", index: this.parts++, part });
  }

  private open(): void {
    if (this.started) return;
    this.started = true;
    const { id, model } = this.facts;
    this.out.event({
      type: "start",
      ...defined({ id, model }),
      provider: this.target.provider,
    });
    const usage = usageOf(this.facts.usage);
    if (usage !== undefined) this.out.event({ type: "usage", usage });
  }

  private begin(index: unknown, value: unknown): void {
    const wireIndex = asNumber(index) ?? this.blocks.size;
    if (!isObject(value) || this.blocks.has(wireIndex)) return;
    this.open();
    const opening = openingOf(value, this.origins);
    switch (opening.kind) {
      case "skipped":
        this.blocks.set(wireIndex, newBlock("skipped", this.parts));
        break;
      case "complete":
        this.blocks.set(wireIndex, newBlock("skipped", this.parts));
        this.out.event({ type: "part", index: this.parts++, part: opening.part });
        break;
      case "nameless":
        this.blocks.set(wireIndex, newBlock("nameless", NO_PART, { input: value["input"] }));
        break;
      case "buffered": {
        const block = newBlock("buffered", this.parts++);
        block.buffered = value;
        this.blocks.set(wireIndex, block);
        break;
      }
      case "text":
      case "thinking": {
        const block = newBlock(opening.kind, NO_PART);
        this.blocks.set(wireIndex, block);
        this.prefill(block, value);
        break;
      }
      case "call": {
        const { head, origin } = opening;
        const block = newBlock("call", this.parts++, { input: value["input"], origin });
        this.blocks.set(wireIndex, block);
        const state = origin === undefined ? {} : { origin };
        this.out.event({ type: "part-start", index: block.part, part: head, ...state });
        break;
      }
      default: {
        const never: never = opening;
        throw new TypeError(`Unknown opening ${JSON.stringify(never)}`);
      }
    }
  }

  /** The position of a block's part. A part starts with its first content, so that none is empty. */
  private partOf(block: Block): number {
    if (block.part === NO_PART) {
      block.part = this.parts++;
      const type = block.kind === "thinking" ? "reasoning" : "text";
      this.out.event({ type: "part-start", index: block.part, part: { type } });
    }
    return block.part;
  }

  /** Emits what a text or thinking block already holds when it starts. */
  private prefill(block: Block, value: JsonObject): void {
    if (block.kind === "thinking") {
      block.signature = asString(value["signature"]) ?? "";
      this.text(block, "reasoning-delta", value["thinking"]);
      return;
    }
    for (const citation of asArray(value["citations"])) this.cite(block, citation);
    this.text(block, "text-delta", value["text"]);
  }

  private delta(index: unknown, delta: unknown): void {
    if (!isObject(delta)) return;
    const block = this.blocks.get(index as number) ?? this.unannounced(index, delta["type"]);
    if (block === undefined) return;
    switch (delta["type"]) {
      case "text_delta":
        if (block.kind === "text") this.text(block, "text-delta", delta["text"]);
        break;
      case "thinking_delta":
        if (block.kind === "thinking") this.text(block, "reasoning-delta", delta["thinking"]);
        break;
      case "input_json_delta":
        if (block.kind === "call" || block.kind === "nameless")
          this.argumentsDelta(block, delta["partial_json"]);
        break;
      case "signature_delta":
        block.signature = asString(delta["signature"]) ?? block.signature;
        break;
      case "citations_delta":
        if (block.kind === "text") this.cite(block, delta["citation"]);
        break;
      case "compaction_delta":
        this.buffer(block, delta);
        break;
    }
  }

  /** The block of a delta that has no start event: the type of the delta shows its kind. A call would have no name. */
  private unannounced(index: unknown, type: unknown): Block | undefined {
    const wireIndex = asNumber(index) ?? 0;
    if (type === "text_delta") this.begin(wireIndex, { type: "text" });
    else if (type === "thinking_delta") this.begin(wireIndex, { type: "thinking" });
    else if (type === "input_json_delta")
      this.invalid(`arguments came for block ${wireIndex}, which had not started`);
    return this.blocks.get(wireIndex);
  }

  private text(
    block: Block,
    type: "text-delta" | "reasoning-delta" | "tool-call-delta",
    text: unknown,
  ): boolean {
    if (typeof text !== "string" || text === "") return false;
    this.out.event({ type, index: this.partOf(block), text });
    return true;
  }

  private argumentsDelta(block: Block, piece: unknown): void {
    if (typeof piece !== "string" || repeatsArguments(block.fed, piece)) return;
    block.fed += piece;
    if (block.kind === "call") this.text(block, "tool-call-delta", piece);
  }

  private cite(block: Block, citation: unknown): void {
    const part = sourceOf(citation, this.partOf(block), this.origins.origin);
    if (part !== undefined) this.out.event({ type: "part", index: this.parts++, part });
  }

  /** Buffers a compaction's summary and the fields that must be sent back with it. */
  private buffer(block: Block, delta: JsonObject): void {
    if (block.buffered === undefined) return;
    const { type: _type, content, ...rest } = delta;
    const text = (asString(block.buffered["content"]) ?? "") + (asString(content) ?? "");
    if (text.length > MAX_BUFFERED) this.invalid(`a block exceeds ${MAX_BUFFERED} characters`);
    block.buffered = { ...block.buffered, ...rest, ...(text === "" ? {} : { content: text }) };
  }

  private close(block: Block): void {
    block.open = false;
    if (block.kind === "skipped") return;
    if (block.kind === "nameless") {
      const text = block.fed === "" ? JSON.stringify(block.input) : block.fed;
      warnNameless(text, (warning) => this.out.event({ type: "warning", warning }));
      return;
    }
    if (block.buffered !== undefined) {
      const content: ContentPart[] = [];
      pushBlock(content, block.buffered, this.origins);
      for (const part of content) this.out.event({ type: "part", index: block.part, part });
      return;
    }
    const { input } = block;
    if (block.kind === "call" && block.fed === "" && input !== undefined && input !== null) {
      const text = typeof input === "string" ? input : JSON.stringify(input);
      if (text !== "{}" && text !== "") this.out.event({ type: "tool-call-delta", index: block.part, text });
    }
    // A text or thinking block without content becomes no part, unless its signature must be sent back.
    if (block.part === NO_PART && block.signature === "") return;
    const origin =
      block.signature === "" ? block.origin : this.origins.origin({ signature: block.signature });
    this.out.event({
      type: "part-end",
      index: this.partOf(block),
      ...(origin === undefined ? {} : { origin }),
    });
  }

  private update(event: JsonObject): void {
    const delta = asObject(event["delta"]);
    if (delta !== undefined) {
      const { id, model } = this.facts;
      noteFacts(this.facts, delta);
      this.facts.id = id;
      this.facts.model = model;
    }
    this.facts.contextManagement = asObject(event["context_management"]) ?? this.facts.contextManagement;
    this.facts.diagnostics = asObject(event["diagnostics"]) ?? this.facts.diagnostics;
    this.facts.usage = mergeUsage(this.facts.usage, event["usage"]);
  }

  private finish(): void {
    this.open();
    for (const block of this.blocks.values()) if (block.open) this.close(block);
    const refusal = refusalOf(this.facts);
    if (refusal !== undefined) this.out.event({ type: "part", index: this.parts++, part: refusal });
    this.done = true;
    this.out.finish(endFactsOf(this.facts));
  }

  private skip(data: string): void {
    if (data === "[DONE]") return;
    let calling = false;
    for (const block of this.blocks.values()) if (block.open && block.kind === "call") calling = true;
    const failure = this.malformed.skip(data, calling);
    if (failure !== undefined) this.fail(failure);
  }

  private invalid(message: string): void {
    this.fail(invalidStream(this.target, message));
  }

  private fail(error: AiLibError): void {
    if (this.done) return;
    this.done = true;
    this.out.fail(error);
  }
}
