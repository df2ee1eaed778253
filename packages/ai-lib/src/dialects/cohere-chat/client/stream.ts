import type { DialectTarget, StreamDecoder } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import {
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  parseJson,
} from "../../../core/values/json.js";
import type { Origin } from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { namelessCall } from "../../shared/common/nameless-call.js";
import { repeatsArguments } from "../../shared/common/repeats.js";
import { invalidStream, MalformedFrames, truncated } from "../../shared/common/stream-errors.js";
import { citedBy, decodeCitation } from "../shared/citations.js";
import { decodeLogprobs } from "../shared/logprobs.js";
import { decodeErrorBody, decodeInBandError, failedEnding } from "./errors.js";
import { factsOf, planOrigin } from "./reply.js";

/** The most content blocks, and the most calls, of one answer. */
const MAX_BLOCKS = 4_096;

/** A content block. Its part starts with its first character, so an empty block has none. */
interface Block {
  type: "text" | "reasoning";
  part: number | undefined;
}

/** A call: the index of its part (undefined for a call without a name) and its arguments so far. */
interface Call {
  readonly part: number | undefined;
  text: string;
}

/** Decodes Cohere's events. https://docs.cohere.com/v2/docs/streaming */
export class CohereStreamDecoder implements StreamDecoder {
  private ended = false;
  private started = false;
  private readonly malformed: MalformedFrames;
  private id: string | undefined;
  private parts = 0;
  private readonly blocks = new Map<number, Block>();
  private readonly calls = new Map<number, Call>();
  private readonly open = new Set<number>();
  private plan: number | undefined;
  private lastText = 0;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {
    this.malformed = new MalformedFrames(target, out);
  }

  frame(frame: Frame): void {
    if (this.ended) return;
    const { data } = frame;
    if (data.charCodeAt(0) === 0x5b && data.trim() === "[DONE]") {
      this.end();
      return;
    }
    let event: unknown;
    try {
      event = parseJson(data);
    } catch {
      this.skip(data);
      return;
    }
    if (!isObject(event)) {
      this.skip(data);
      return;
    }
    const { type } = event;
    this.event(typeof type === "string" ? type : (frame.event ?? ""), event, data);
  }

  end(): void {
    if (this.ended) return;
    this.fail(truncated(this.target, "message-end"));
  }

  private event(type: string, event: JsonObject, data: string): void {
    switch (type) {
      case "content-delta":
        this.contentDelta(event);
        break;
      case "tool-call-delta":
        this.callDelta(event);
        break;
      case "tool-plan-delta":
        this.planDelta(event);
        break;
      case "message-start":
        this.id = nonEmpty(event["id"]) ?? nonEmpty(asObject(asObject(event["delta"])?.["message"])?.["id"]);
        this.start();
        break;
      case "content-start":
        this.contentStart(event);
        break;
      case "content-end":
        this.closePart(this.blocks.get(indexOf(event))?.part);
        break;
      case "tool-call-start":
        this.callStart(event);
        break;
      case "tool-call-end":
        this.closePart(this.calls.get(indexOf(event))?.part);
        break;
      case "citation-start":
        this.citation(messageOf(event)?.["citations"]);
        break;
      case "message-end":
        this.messageEnd(event, data);
        break;
      default: {
        // Unknown events are skipped. An error has no type, or the type "error".
        const error = type === "" || type === "error" ? decodeErrorBody(event) : undefined;
        if (error !== undefined) this.fail(decodeInBandError(error, data, this.target));
      }
    }
  }

  private start(): void {
    if (this.started) return;
    this.started = true;
    const { provider } = this.target;
    this.out.event({ type: "start", provider, ...defined({ id: this.id }) });
  }

  private contentStart(event: JsonObject): void {
    const content = asObject(messageOf(event)?.["content"]);
    const type = content?.["type"] === "thinking" ? "reasoning" : "text";
    if (content?.["type"] !== "text" && type === "text") return;
    if (this.blocks.size >= MAX_BLOCKS) this.invalid(`more than ${MAX_BLOCKS} blocks of content`);
    else this.blocks.set(indexOf(event), { type, part: undefined });
    if (typeof content?.["text"] === "string" || typeof content?.["thinking"] === "string")
      this.contentDelta(event);
  }

  private contentDelta(event: JsonObject): void {
    const content = messageOf(event)?.["content"];
    if (!isObject(content)) return;
    const thinking = content["thinking"];
    const text = typeof thinking === "string" ? thinking : content["text"];
    if (typeof text !== "string" || text === "") return;
    const index = indexOf(event);
    let block = this.blocks.get(index);
    if (block === undefined) {
      block = { type: typeof thinking === "string" ? "reasoning" : "text", part: undefined };
      this.blocks.set(index, block);
    }
    block.part ??= this.begin(block.type);
    if (block.type === "reasoning") {
      this.out.event({ type: "reasoning-delta", index: block.part, text });
      return;
    }
    const logprobs = event["logprobs"] === undefined ? undefined : decodeLogprobs(event["logprobs"]);
    if (logprobs === undefined) this.out.event({ type: "text-delta", index: block.part, text });
    else this.out.event({ type: "text-delta", index: block.part, text, logprobs });
  }

  private begin(type: "text" | "reasoning", origin?: Origin): number {
    this.start();
    const index = this.parts++;
    if (type === "text") this.lastText = index;
    this.open.add(index);
    this.out.event({ type: "part-start", index, part: { type }, ...defined({ origin }) });
    return index;
  }

  private planDelta(event: JsonObject): void {
    const text = asString(messageOf(event)?.["tool_plan"]) ?? "";
    if (text === "") return;
    this.plan ??= this.begin("reasoning", planOrigin(this.target));
    this.out.event({ type: "reasoning-delta", index: this.plan, text });
  }

  private callStart(event: JsonObject): void {
    this.closePart(this.plan);
    const call = callOf(event);
    const called = asObject(call?.["function"]);
    if (this.calls.size >= MAX_BLOCKS) {
      this.invalid(`more than ${MAX_BLOCKS} calls`);
      return;
    }
    this.start();
    const name = asString(called?.["name"]) ?? "";
    const part = name === "" ? undefined : this.parts++;
    const begun: Call = { part, text: "" };
    this.calls.set(indexOf(event), begun);
    if (part !== undefined) {
      this.open.add(part);
      const id = asString(call?.["id"]) ?? "";
      this.out.event({ type: "part-start", index: part, part: { type: "tool-call", id, name } });
    }
    this.addArguments(begun, called?.["arguments"]);
  }

  private callDelta(event: JsonObject): void {
    const call = this.calls.get(indexOf(event));
    if (call !== undefined) this.addArguments(call, asObject(callOf(event)?.["function"])?.["arguments"]);
  }

  private addArguments(call: Call, text: unknown): void {
    if (typeof text !== "string" || text === "" || repeatsArguments(call.text, text)) return;
    call.text += text;
    if (call.part !== undefined) this.out.event({ type: "tool-call-delta", index: call.part, text });
  }

  private citation(value: unknown): void {
    for (const citation of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const { kind, block } = citedBy(citation);
      const cited = block === undefined ? this.lastText : this.blocks.get(block)?.part;
      const index = kind === "PLAN" ? this.plan : cited;
      for (const part of decodeCitation(citation, index ?? this.lastText)) {
        this.start();
        this.out.event({ type: "part", index: this.parts++, part });
      }
    }
  }

  private closePart(part: number | undefined): void {
    if (part === undefined || !this.open.delete(part)) return;
    this.out.event({
      type: "part-end",
      index: part,
      ...(part === this.plan ? { origin: planOrigin(this.target) } : {}),
    });
  }

  private messageEnd(event: JsonObject, data: string): void {
    const delta = asObject(event["delta"]);
    const word = nonEmpty(delta?.["finish_reason"]);
    const error = asString(delta?.["error"]);
    const failure =
      word === undefined ? undefined : failedEnding(word, error === "" ? undefined : error, this.target);
    if (failure !== undefined) {
      this.fail(failure.with({ body: data }));
      return;
    }
    this.start();
    for (const part of this.open) this.closePart(part);
    for (const call of this.calls.values()) {
      const warning = call.part === undefined ? namelessCall(call.text) : undefined;
      if (warning !== undefined) this.out.event({ type: "warning", warning });
    }
    this.ended = true;
    this.out.finish(factsOf(word, delta?.["usage"], this.id ?? nonEmpty(event["id"])));
  }

  private skip(data: string): void {
    const failure = this.malformed.skip(data, this.calls.size > 0);
    if (failure !== undefined) this.fail(failure);
  }

  private invalid(what: string): void {
    this.fail(invalidStream(this.target, what));
  }

  private fail(error: AiLibError): void {
    if (this.ended) return;
    this.ended = true;
    this.out.fail(error);
  }
}

function indexOf(event: JsonObject): number {
  return asNumber(event["index"]) ?? 0;
}

function messageOf(event: JsonObject): JsonObject | undefined {
  const delta = event["delta"];
  return isObject(delta) ? asObject(delta["message"]) : undefined;
}

/** `tool_calls` of an event is one call, not a list. */
function callOf(event: JsonObject): JsonObject | undefined {
  const calls = messageOf(event)?.["tool_calls"];
  return asObject(Array.isArray(calls) ? (calls as unknown[])[0] : calls);
}
