import type { DialectTarget, StreamDecoder } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { PartHead } from "../../../core/values/chat-event.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
  parseJson,
} from "../../../core/values/json.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import { invalidStream, MalformedFrames, truncated } from "../../shared/common/stream-errors.js";
import { sourceOf } from "../shared/citations.js";
import { type OriginFacts, redactedPart, resultPart } from "../shared/parts.js";
import { decodeStreamError } from "./errors.js";
import { endFactsOf, failedAnswer, originsOf } from "./facts.js";
import { type Block, newBlock, openingOf } from "./stream-block.js";

/** The most characters of all blocks together that are buffered until they are complete. */
const MAX_BUFFERED = 16 * 1024 * 1024;

/**
 * Decodes the events of https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html. A
 * text block has no start event: its first delta shows its kind. `messageStop` ends the answer; `metadata` with the
 * usage follows it. The padding field `p` is ignored.
 */
export class BedrockStreamDecoder implements StreamDecoder {
  private readonly origins: OriginFacts;
  private readonly blocks = new Map<number, Block>();
  private readonly facts: MutableJson = {};
  private parts = 0;
  private buffered = 0;
  private lastText: number | undefined;
  private started = false;
  private stopped = false;
  private measured = false;
  private called = false;
  private readonly malformed: MalformedFrames;
  private done = false;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {
    this.origins = originsOf(target);
    this.malformed = new MalformedFrames(target, out);
  }

  frame({ event, data }: Frame): void {
    if (this.done) return;
    if (event?.startsWith("!") === true) {
      this.fail(decodeStreamError(event.slice(1), data, this.target));
      return;
    }
    let fields: unknown;
    try {
      fields = parseJson(data);
    } catch {
      this.skip(data);
      return;
    }
    if (!isObject(fields)) {
      this.skip(data);
      return;
    }
    switch (event) {
      case "contentBlockDelta":
        this.delta(fields["contentBlockIndex"], fields["delta"]);
        break;
      case "contentBlockStart":
        this.start(fields["contentBlockIndex"], fields["start"]);
        break;
      case "contentBlockStop":
        this.close(asNumber(fields["contentBlockIndex"]) ?? -1);
        break;
      case "messageStart":
        this.begin();
        break;
      case "messageStop":
        this.note(fields, ["stopReason", "additionalModelResponseFields"]);
        this.stopped = true;
        if (this.measured) this.finish();
        break;
      case "metadata":
        this.note(fields, ["usage", "trace", "performanceConfig", "serviceTier"]);
        this.measured = true;
        if (this.stopped) this.finish();
        break;
    }
  }

  /** Usage arrives in a frame that ends the stream. */
  get finished(): "reason" | undefined {
    return this.stopped ? "reason" : undefined;
  }

  settle(): void {
    this.end();
  }

  end(): void {
    if (this.done) return;
    if (this.stopped) this.finish();
    else this.fail(truncated(this.target, "messageStop"));
  }

  private begin(): void {
    if (this.started) return;
    this.started = true;
    this.out.event({ type: "start", provider: this.target.provider });
  }

  private note(fields: JsonObject, keys: readonly string[]): void {
    for (const key of keys) if (fields[key] !== undefined) this.facts[key] = fields[key];
  }

  private start(index: unknown, start: unknown): void {
    this.begin();
    const wireIndex = asNumber(index) ?? this.blocks.size;
    if (!isObject(start) || this.blocks.has(wireIndex)) return;
    const block = newBlock();
    this.blocks.set(wireIndex, block);
    const opening = openingOf(start, this.origins);
    if (opening?.kind === "result") {
      block.kind = "result";
      block.part = this.parts++;
      block.start = opening.start;
    } else if (opening?.kind === "nameless") block.kind = "nameless";
    else if (opening !== undefined) {
      block.origin = opening.origin;
      if (opening.kind === "call" && opening.origin === undefined) this.called = true;
      this.open(block, opening.kind, opening.head);
    }
  }

  private open(block: Block, kind: Block["kind"], part: PartHead): number {
    const index = this.parts++;
    block.kind = kind;
    block.part = index;
    const state = block.origin === undefined ? {} : { origin: block.origin };
    this.out.event({ type: "part-start", index, part, ...state });
    return index;
  }

  private delta(index: unknown, delta: unknown): void {
    if (!isObject(delta)) return;
    const text = delta["text"];
    const known = this.blocks.get(index as number);
    if (typeof text === "string") {
      // A part starts with its first text: some models send an empty block before a call.
      if (text === "") return;
      const block = known ?? this.unannounced(index);
      if (block.kind === "unknown") this.openText(block);
      if (block.kind === "text" && block.part !== undefined)
        this.out.event({ type: "text-delta", index: block.part, text });
      return;
    }
    const call = asObject(delta["toolUse"]);
    if (call !== undefined) {
      this.argumentsDelta(known, call["input"]);
      return;
    }
    const block = known ?? this.unannounced(index);
    const reasoning = asObject(delta["reasoningContent"]);
    const result = delta["toolResult"];
    const image = asObject(delta["image"]);
    if (reasoning !== undefined) this.reasoningDelta(block, reasoning);
    else if (delta["citation"] !== undefined) this.cite(block, delta["citation"]);
    else if (block.kind === "result") {
      const pieces = Array.isArray(result) ? asArray(result) : [result];
      for (const piece of pieces) if (this.reserve(JSON.stringify(piece) ?? "")) block.content.push(piece);
    } else if (image !== undefined && block.kind === "image" && block.part !== undefined) {
      const bytes = asString(asObject(image["source"])?.["bytes"]);
      if (bytes !== undefined) this.out.event({ type: "media-delta", index: block.part, data: bytes });
    }
  }

  private unannounced(index: unknown): Block {
    this.begin();
    const block = newBlock();
    this.blocks.set(asNumber(index) ?? this.blocks.size, block);
    return block;
  }

  private openText(block: Block): void {
    this.lastText = this.open(block, "text", { type: "text" });
    for (const citation of block.citations.splice(0)) this.source(citation, this.lastText);
  }

  private argumentsDelta(block: Block | undefined, input: unknown): void {
    if (block === undefined) {
      this.invalid("arguments came for a call that had not started");
      return;
    }
    if (block.kind === "nameless" && typeof input === "string" && this.reserve(input))
      block.nameless += input;
    if (block.kind !== "call" || block.part === undefined) return;
    if (typeof input === "string" && input !== "")
      this.out.event({ type: "tool-call-delta", index: block.part, text: input });
  }

  private reasoningDelta(block: Block, reasoning: JsonObject): void {
    const redacted = asString(reasoning["redactedContent"]);
    if (redacted !== undefined) {
      if (block.kind === "unknown") {
        block.kind = "redacted";
        block.part = this.parts++;
      }
      if (this.reserve(redacted)) block.redacted += redacted;
      return;
    }
    const text = reasoning["text"];
    const signature = asString(reasoning["signature"]) ?? "";
    if (signature === "" && (typeof text !== "string" || text === "")) return;
    if (block.kind === "unknown") this.open(block, "reasoning", { type: "reasoning" });
    if (block.kind !== "reasoning" || block.part === undefined) return;
    block.signature += signature;
    if (typeof text === "string" && text !== "")
      this.out.event({ type: "reasoning-delta", index: block.part, text });
  }

  /** Counts text that is buffered. False, and the call fails, where it exceeds the limit. */
  private reserve(text: string): boolean {
    this.buffered += text.length;
    if (this.buffered <= MAX_BUFFERED) return true;
    this.invalid(`its blocks exceed ${MAX_BUFFERED} characters`);
    return false;
  }

  /** Claude sends a citation before its text, Nova after it in a separate block. */
  private cite(block: Block, citation: unknown): void {
    if (block.kind === "text") this.source(citation, block.part);
    else if (block.kind === "unknown") block.citations.push(citation);
  }

  private source(citation: unknown, index: number | undefined): void {
    const part = sourceOf(citation, index, this.origins.own);
    if (part !== undefined) this.out.event({ type: "part", index: this.parts++, part });
  }

  private close(wireIndex: number): void {
    const block = this.blocks.get(wireIndex);
    if (block === undefined) return;
    this.blocks.delete(wireIndex);
    const { part } = block;
    switch (block.kind) {
      case "unknown":
        for (const citation of block.citations) this.source(citation, this.lastText);
        break;
      case "nameless":
        warnNameless(block.nameless, (warning) => this.out.event({ type: "warning", warning }));
        break;
      case "redacted":
        if (part !== undefined)
          this.out.event({ type: "part", index: part, part: redactedPart(block.redacted, this.origins) });
        break;
      case "result":
        if (part !== undefined)
          this.out.event({
            type: "part",
            index: part,
            part: resultPart(block.start, block.content, this.origins),
          });
        break;
      case "text":
      case "reasoning":
      case "call":
      case "image": {
        const { signature } = block;
        const origin = signature === "" ? block.origin : this.origins.reasoning({ signature });
        if (part !== undefined)
          this.out.event({ type: "part-end", index: part, ...(origin === undefined ? {} : { origin }) });
        break;
      }
      default: {
        const never: never = block.kind;
        throw new TypeError(`Unknown block ${String(never)}`);
      }
    }
  }

  private finish(): void {
    const failed = failedAnswer(this.facts, this.called, this.target);
    if (failed !== undefined && "error" in failed) {
      this.fail(failed.error);
      return;
    }
    this.begin();
    if (failed !== undefined) this.out.event({ type: "warning", warning: failed.warning });
    for (const wireIndex of [...this.blocks.keys()]) this.close(wireIndex);
    this.done = true;
    this.out.finish(endFactsOf(this.facts));
  }

  private skip(data: string): void {
    let calling = false;
    for (const block of this.blocks.values()) if (block.kind === "call") calling = true;
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
