import type { DialectTarget, StreamDecoder } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import { isObject, type JsonObject, type MutableJson, parseJson } from "../../../core/values/json.js";
import type { ContentPart, Origin } from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { decodeLogprobs } from "../../shared/common/logprobs.js";
import { MalformedFrames, truncated } from "../../shared/common/stream-errors.js";
import { BROKEN } from "../shared/finish.js";
import { decodeChunk } from "../shared/parts.js";
import { decodeErrorBody, decodeInBandError } from "./errors.js";
import { brokenAnswer, factsOf, textOfContent } from "./reply.js";
import { StreamCalls } from "./stream-calls.js";

/** Decodes Mistral's chunks. They are like OpenAI's, but content may be a list, with thinking in it. */
export class MistralStreamDecoder implements StreamDecoder {
  private ended = false;
  private started = false;
  private readonly malformed: MalformedFrames;
  /** The text or thinking that is open. */
  private open: { readonly type: "text" | "reasoning"; readonly index: number; origin?: Origin } | undefined;
  private parts = 0;
  private word: string | undefined;
  /** The finish reason came with a call. Some servers end each call with one, so more calls may follow. */
  private unsealed = false;
  private usage: unknown;
  /** The id, the model and the tier. */
  private readonly named: MutableJson = {};
  private readonly calls: StreamCalls;
  private readonly nextIndex = (): number => this.parts++;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {
    this.calls = new StreamCalls(out, this.nextIndex);
    this.malformed = new MalformedFrames(target, out);
  }

  frame(frame: Frame): void {
    if (this.ended) return;
    const { data } = frame;
    if (data.charCodeAt(0) === 0x5b && data.trim() === "[DONE]") {
      this.complete();
      return;
    }
    let chunk: unknown;
    try {
      chunk = parseJson(data);
    } catch {
      this.skip(data);
      return;
    }
    if (!isObject(chunk)) {
      this.skip(data);
      return;
    }
    const { choices } = chunk;
    if (!Array.isArray(choices)) {
      const error = decodeErrorBody(chunk);
      if (error !== undefined) {
        this.fail(decodeInBandError(error, data, this.target));
        return;
      }
    }
    if (!this.started && !Array.isArray(choices)) return;
    this.note(chunk);
    if (!this.started) this.start();
    if (isObject(chunk["usage"])) this.usage = chunk["usage"];
    if (!Array.isArray(choices)) return;
    for (const choice of choices as unknown[]) {
      // No request asks for other choices than the first.
      if (isObject(choice) && (choice["index"] ?? 0) === 0) this.choice(choice);
    }
  }

  get finished(): "reason" | "whole" | undefined {
    if (this.word === undefined || (this.unsealed && this.usage === undefined)) return undefined;
    return this.usage === undefined ? "reason" : "whole";
  }

  settle(): void {
    this.end();
  }

  end(): void {
    if (this.ended) return;
    if (this.finished !== undefined) this.complete();
    else this.fail(truncated(this.target, "the answer ended"));
  }

  /** Notes the first id and model, and the last tier: a chunk of usage may be the only one that names it. */
  private note(chunk: JsonObject): void {
    this.named["id"] ??= nonEmpty(chunk["id"]);
    this.named["model"] ??= nonEmpty(chunk["model"]);
    this.named["service_tier"] = nonEmpty(chunk["service_tier"]) ?? this.named["service_tier"];
  }

  private start(): void {
    this.started = true;
    const { provider } = this.target;
    const { id, model } = this.named;
    this.out.event({ type: "start", provider, ...defined({ id: nonEmpty(id), model: nonEmpty(model) }) });
  }

  private choice(choice: JsonObject): void {
    const delta = choice["delta"];
    let called = false;
    if (isObject(delta)) {
      const { content } = delta;
      if (typeof delta["tool_call_id"] === "string")
        this.calls.addResult(delta["tool_call_id"], textOfContent(content));
      else if (typeof content === "string") {
        if (content !== "") this.text("text", content, choice["logprobs"]);
      } else if (Array.isArray(content)) this.chunks(content, choice["logprobs"]);
      const entries = delta["tool_calls"];
      if (Array.isArray(entries) && entries.length > 0) {
        called = true;
        this.close();
        for (const entry of entries as unknown[])
          if (isObject(entry)) this.calls.add(entry, this.named["id"]);
      }
      if (this.calls.failure !== undefined) this.fail(this.calls.failure);
    }
    const word = choice["finish_reason"];
    if (typeof word === "string" && word !== "") {
      this.word = word;
      this.unsealed = called;
    }
  }

  private text(type: "text" | "reasoning", text: string, logprobs: unknown): void {
    let { open } = this;
    if (open === undefined || open.type !== type) {
      this.close();
      open = { type, index: this.parts++ };
      this.open = open;
      this.out.event({ type: "part-start", index: open.index, part: { type } });
    }
    const { index } = open;
    const tokens = type === "reasoning" || logprobs == null ? undefined : decodeLogprobs(logprobs);
    if (type === "reasoning") this.out.event({ type: "reasoning-delta", index, text });
    else if (tokens === undefined) this.out.event({ type: "text-delta", index, text });
    else this.out.event({ type: "text-delta", index, text, logprobs: tokens });
  }

  private chunks(content: readonly unknown[], logprobs: unknown): void {
    for (const chunk of content) {
      if (isObject(chunk)) for (const part of decodeChunk(chunk, this.target)) this.part(part, logprobs);
    }
  }

  private part(part: ContentPart, logprobs: unknown): void {
    if (part.type === "text" || part.type === "reasoning") {
      if (part.text !== "" || part.origin !== undefined) this.text(part.type, part.text, logprobs);
      if (part.origin !== undefined && this.open !== undefined) this.open.origin = part.origin;
      return;
    }
    this.close();
    this.out.event({ type: "part", index: this.parts++, part });
  }

  private close(): void {
    const { open } = this;
    if (open === undefined) return;
    this.open = undefined;
    const { index, origin } = open;
    this.out.event({ type: "part-end", index, ...defined({ origin }) });
  }

  private skip(data: string): void {
    const failure = this.malformed.skip(data, this.calls.any);
    if (failure !== undefined) this.fail(failure);
  }

  private complete(): void {
    if (this.word === BROKEN) {
      this.fail(brokenAnswer(this.target));
      return;
    }
    this.close();
    const failure = this.calls.close();
    if (failure !== undefined) {
      this.fail(failure);
      return;
    }
    this.ended = true;
    this.out.finish(factsOf(this.word, this.usage, this.named));
  }

  private fail(error: AiLibError): void {
    if (this.ended) return;
    this.ended = true;
    this.out.fail(error);
  }
}
