import type { DialectTarget, StreamDecoder } from "../../core/dialect.js";
import { AiLibError } from "../../core/error.js";
import type { PartHead } from "../../core/event.js";
import type { Frame } from "../../core/http.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
} from "../../core/json.js";
import type { ContentPart, Origin } from "../../core/message.js";
import type { PartSink } from "../../core/sink.js";
import {
  callOrigin,
  isServerCall,
  isServerResult,
  OPAQUE_BLOCKS,
  pushBlock,
  redactedPart,
  resultPart,
  uploadPart,
} from "./blocks-decode.js";
import { sourceOf } from "./citations.js";
import { errorOf } from "./errors.js";
import { endFactsOf, isErrorBody, noFacts, noteFacts, Origins, refusalOf } from "./facts.js";
import { mergeUsage } from "./usage.js";

/** Characters of a block that is kept until it is whole, such as a compaction's summary. */
const MAX_KEPT = 16 * 1024 * 1024;

/** A block of the stream, by its wire index. */
interface Block {
  /** Its part's position in the answer. */
  readonly part: number;
  readonly kind: "text" | "thinking" | "call" | "kept" | "skipped";
  open: boolean;
  signature: string;
  /** A call's input as `content_block_start` had it: used where no delta brings more. */
  readonly input: Json | undefined;
  /** Arguments came as deltas. */
  fed: boolean;
  origin: Origin | undefined;
  /** A block that is kept whole until it ends. */
  kept: JsonObject | undefined;
}

/**
 * Reads the stream of https://platform.claude.com/docs/en/build-with-claude/streaming: `message_start`, blocks with
 * their deltas, `message_delta`, `message_stop`. Only the last ends it.
 */
export class AnthropicDecoder implements StreamDecoder {
  private readonly facts = noFacts();
  private readonly origins: Origins;
  private readonly blocks = new Map<number, Block>();
  private parts = 0;
  private begun = false;
  private done = false;
  private malformed = false;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {
    this.origins = new Origins(target);
  }

  frame(frame: Frame): void {
    if (this.done) return;
    let event: unknown;
    try {
      event = JSON.parse(frame.data);
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
        break;
      case "content_block_start":
        this.begin(event["index"], event["content_block"]);
        break;
      case "content_block_stop": {
        const block = this.blocks.get(Number(event["index"]));
        if (block?.open === true) this.close(block);
        break;
      }
      case "message_start":
        this.start(asObject(event["message"]) ?? {});
        break;
      case "message_delta":
        this.more(event);
        break;
      case "message_stop":
        this.finish();
        break;
      default:
        if (isErrorBody(event)) this.fail(errorOf(event, this.target));
    }
  }

  end(): void {
    if (this.done) return;
    this.fail(
      new AiLibError({
        code: "STREAM_TRUNCATED",
        message: `${this.target.provider} closed the stream before message_stop`,
        target: { provider: this.target.provider, model: this.target.model },
      }),
    );
  }

  private start(message: JsonObject): void {
    if (this.begun) {
      const id = asString(message["id"]);
      if (id !== undefined && this.facts.id !== undefined && id !== this.facts.id)
        this.invalid(`A second message ("${id}") began within the first ("${this.facts.id}")`);
      return;
    }
    noteFacts(this.facts, message);
    this.facts.usage = mergeUsage(undefined, message["usage"]);
    this.origins.answeredBy(this.facts.model);
    this.open();
    // Where a turn goes on after a tool that code called, the message comes whole in its start: recording
    // anthropic.anthropic-messages.stream.anthropic-programmatic-tool-calling-1.
    const content: ContentPart[] = [];
    asArray(message["content"]).forEach((block, wireIndex) => {
      const part = this.parts + content.length;
      pushBlock(content, block, this.origins, false);
      this.blocks.set(wireIndex, made("skipped", part));
    });
    for (const part of content) this.out.event({ type: "part", index: this.parts++, part });
  }

  private open(): void {
    if (this.begun) return;
    this.begun = true;
    const { id, model } = this.facts;
    this.out.event({
      type: "start",
      ...(id === undefined ? {} : { id }),
      ...(model === undefined ? {} : { model }),
      provider: this.target.provider,
    });
  }

  private begin(index: unknown, value: unknown): void {
    const wireIndex = asNumber(index) ?? this.blocks.size;
    if (!isObject(value) || this.blocks.has(wireIndex)) return;
    this.open();
    const type = asString(value["type"]) ?? "";
    if (type === "text") {
      const block = this.add(wireIndex, "text", { type: "text" });
      for (const citation of asArray(value["citations"])) this.cite(block, citation);
      this.text(block, "text-delta", value["text"]);
    } else if (type === "thinking") {
      const block = this.add(wireIndex, "thinking", { type: "reasoning" });
      block.signature = asString(value["signature"]) ?? "";
      this.text(block, "reasoning-delta", value["thinking"]);
    } else if (type === "tool_use" || isServerCall(type)) {
      this.beginCall(wireIndex, value, type);
    } else if (isServerResult(type)) {
      this.whole(wireIndex, resultPart(value, this.origins));
    } else if (type === "redacted_thinking") {
      this.whole(wireIndex, redactedPart(value, this.origins));
    } else if (type === "container_upload") {
      this.whole(wireIndex, uploadPart(value, this.origins));
    } else if (OPAQUE_BLOCKS.has(type)) {
      const block = made("kept", this.parts++);
      block.kept = value;
      this.blocks.set(wireIndex, block);
    } else {
      this.blocks.set(wireIndex, made("skipped", this.parts));
    }
  }

  private beginCall(wireIndex: number, value: JsonObject, type: string): void {
    const head: PartHead = {
      type: "tool-call",
      id: asString(value["id"]) ?? "",
      name: asString(value["name"]) ?? "",
      ...(type === "tool_use" ? {} : { executedBy: "provider" }),
    };
    const block = this.add(wireIndex, "call", head, value["input"]);
    block.origin = callOrigin(value, type, this.origins);
  }

  private add(wireIndex: number, kind: Block["kind"], part: PartHead, input?: Json): Block {
    const block = made(kind, this.parts++, input);
    this.blocks.set(wireIndex, block);
    this.out.event({ type: "part-start", index: block.part, part });
    return block;
  }

  private whole(wireIndex: number, part: ContentPart): void {
    this.blocks.set(wireIndex, made("skipped", this.parts));
    this.out.event({ type: "part", index: this.parts++, part });
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
        if (block.kind === "call" && this.text(block, "tool-call-delta", delta["partial_json"]))
          block.fed = true;
        break;
      case "signature_delta":
        block.signature = asString(delta["signature"]) ?? block.signature;
        break;
      case "citations_delta":
        if (block.kind === "text") this.cite(block, delta["citation"]);
        break;
      case "compaction_delta":
        this.keep(block, delta);
        break;
    }
  }

  /** A delta whose block never began: its type tells what it is, but for a call, which would have no name. */
  private unannounced(index: unknown, type: unknown): Block | undefined {
    const wireIndex = asNumber(index) ?? 0;
    if (type === "text_delta") this.begin(wireIndex, { type: "text" });
    else if (type === "thinking_delta") this.begin(wireIndex, { type: "thinking" });
    else if (type === "input_json_delta")
      this.invalid(`Arguments came for the block ${wireIndex}, which had not begun`);
    return this.blocks.get(wireIndex);
  }

  private text(
    block: Block,
    type: "text-delta" | "reasoning-delta" | "tool-call-delta",
    text: unknown,
  ): boolean {
    if (typeof text !== "string" || text === "") return false;
    this.out.event({ type, index: block.part, text });
    return true;
  }

  private cite(block: Block, citation: unknown): void {
    const part = sourceOf(citation, block.part, this.origins);
    if (part !== undefined) this.out.event({ type: "part", index: this.parts++, part });
  }

  /** A compaction's summary and what must be echoed with it. */
  private keep(block: Block, delta: JsonObject): void {
    if (block.kept === undefined) return;
    const { type: _type, content, ...rest } = delta;
    const text = (asString(block.kept["content"]) ?? "") + (asString(content) ?? "");
    if (text.length > MAX_KEPT) this.invalid(`A block passed ${MAX_KEPT} characters`);
    block.kept = { ...block.kept, ...rest, ...(text === "" ? {} : { content: text }) };
  }

  private close(block: Block): void {
    block.open = false;
    if (block.kind === "skipped") return;
    if (block.kept !== undefined) {
      const content: ContentPart[] = [];
      pushBlock(content, block.kept, this.origins, false);
      for (const part of content) this.out.event({ type: "part", index: block.part, part });
      return;
    }
    const { input } = block;
    if (block.kind === "call" && !block.fed && input !== undefined && input !== null) {
      const text = typeof input === "string" ? input : JSON.stringify(input);
      if (text !== "{}" && text !== "") this.out.event({ type: "tool-call-delta", index: block.part, text });
    }
    const origin =
      block.signature === "" ? block.origin : this.origins.origin({ signature: block.signature });
    this.out.event({
      type: "part-end",
      index: block.part,
      ...(origin === undefined ? {} : { origin }),
    });
  }

  private more(event: JsonObject): void {
    const delta = asObject(event["delta"]);
    if (delta !== undefined) noteFacts(this.facts, { ...delta, id: undefined, model: undefined });
    this.facts.contextManagement = asObject(event["context_management"]) ?? this.facts.contextManagement;
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

  /** One frame that is no JSON may be lost, unless it could have been a piece of a call's arguments. */
  private skip(data: string): void {
    if (data === "[DONE]" || data.trim() === "") return;
    let calling = false;
    for (const block of this.blocks.values()) if (block.open && block.kind === "call") calling = true;
    if (this.malformed || calling) {
      this.invalid(`A frame is no JSON: ${data.slice(0, 80)}`);
      return;
    }
    this.malformed = true;
    this.out.event({
      type: "warning",
      warning: { code: "malformed", message: `A frame that is no JSON was skipped: ${data.slice(0, 80)}` },
    });
  }

  private invalid(message: string): void {
    this.fail(
      new AiLibError({
        code: "INVALID_RESPONSE",
        message: `${this.target.provider}: ${message}`,
        target: { provider: this.target.provider, model: this.target.model },
      }),
    );
  }

  private fail(error: AiLibError): void {
    if (this.done) return;
    this.done = true;
    this.out.fail(error);
  }
}

function made(kind: Block["kind"], part: number, input?: Json): Block {
  return {
    part,
    kind,
    open: kind !== "skipped",
    signature: "",
    input,
    fed: false,
    origin: undefined,
    kept: undefined,
  };
}
