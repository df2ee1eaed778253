import type { DialectTarget, StreamDecoder } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { FinishReason } from "../../../core/values/chat-response.js";
import {
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
  tryParse,
} from "../../../core/values/json.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { DeltaTemplate } from "../../shared/common/delta-template.js";
import { malformedAnswer } from "../../shared/common/malformed-answer.js";
import { MalformedFrames, truncated } from "../../shared/common/stream-errors.js";
import { sourcesOf } from "../shared/citations.js";
import { failureOf, finishOf } from "../shared/finish.js";
import { logprobsOf } from "../shared/logprobs.js";
import { serviceTierOf, usageOf } from "../shared/usage.js";
import { decodeInBandError, errorObjectOf } from "./errors.js";
import { PartsDecoder } from "./stream-parts.js";
import { isThought, PLAIN_TEXT } from "./stream-plain.js";

/**
 * Decodes the chunks of one answer; a whole reply is one chunk. The answer is complete only when the body ends: with
 * code execution, content may follow a chunk with `STOP` (recording
 * `two-terminal-stream-unicode-answer-after-the-first-finish`), so the ending waits for {@link end}.
 */
export class GeminiStreamDecoder implements StreamDecoder {
  private over = false;
  private started = false;
  private readonly malformed: MalformedFrames;
  /** A chunk had a candidate. */
  private answered = false;
  private usage: JsonObject | undefined;
  private finish: { reason: FinishReason; raw: string } | undefined;
  /** Facts of the candidate and the reply that the contract has no name for. The last of each counts. */
  private readonly facts: MutableJson = {};
  private citation: JsonObject | undefined;
  private readonly parts: PartsDecoder;
  /** Reads chunks of text without the parser; the text is thinking where `templateThought` says so. */
  private readonly template = new DeltaTemplate(PLAIN_TEXT);
  private templateThought = false;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {
    this.parts = new PartsDecoder(target, out);
    this.malformed = new MalformedFrames(target, out);
  }

  frame({ data }: Frame): void {
    if (this.over) return;
    const text = this.template.text(data);
    if (text !== undefined) {
      this.plain(text);
      return;
    }
    const value = tryParse(data);
    if (value === undefined) {
      this.skip(data);
      return;
    }
    this.value(value);
    if (this.template.learn(data, value)) this.templateThought = isThought(value);
  }

  /**
   * Decodes a chunk that has only text: {@link chunk} without the steps that an earlier chunk with the same fields did.
   */
  private plain(text: string): void {
    this.count(this.template.counts, true);
    this.parts.awaitsResult = false;
    if (text === "") return;
    this.finish = undefined;
    this.parts.words(text, this.templateThought, undefined, undefined);
  }

  /** Decodes one parsed chunk, or an array of them. */
  value(value: unknown): void {
    try {
      if (Array.isArray(value)) for (const one of value as readonly unknown[]) this.chunk(one);
      else this.chunk(value);
    } catch (error) {
      this.fail(AiLibError.from(error, "INVALID_RESPONSE"));
    }
  }

  get finished(): "reason" | "whole" | undefined {
    const { finish } = this;
    if (finish === undefined || (this.parts.awaitsResult && finish.reason === "stop")) return undefined;
    return this.usage === undefined ? "reason" : "whole";
  }

  settle(): void {
    this.end();
  }

  end(): void {
    if (this.over) return;
    const { finish } = this;
    if (finish === undefined || this.finished === undefined)
      this.fail(truncated(this.target, "a finishReason"));
    else this.conclude(finish.reason, finish.raw);
  }

  /** Ends a whole reply: it is complete even without a finish reason. */
  endWhole(): void {
    if (this.over) return;
    if (this.finish !== undefined) this.conclude(this.finish.reason, this.finish.raw);
    else if (this.answered) this.conclude("other", undefined);
    else
      this.fail(
        new AiLibError({
          code: "INVALID_RESPONSE",
          message: `${this.target.provider}: the reply has neither a candidate nor a block reason`,
        }),
      );
  }

  private conclude(reason: FinishReason, raw: string | undefined): void {
    const code = raw === undefined ? undefined : failureOf(raw);
    if (raw !== undefined && code !== undefined) {
      const details = asString(this.facts["finishMessage"]);
      const found = malformedAnswer(code, raw, details, this.parts.called, this.target);
      if ("error" in found) {
        this.fail(found.error);
        return;
      }
      this.out.event({ type: "warning", warning: found.warning });
    }
    this.parts.close(reason === "length");
    const grounding = asObject(this.facts["groundingMetadata"]);
    for (const source of sourcesOf(grounding, this.citation, this.parts.texts)) this.parts.whole(source);
    this.over = true;
    const extensions = this.extensions();
    const { id, model } = this.parts.reply;
    this.out.finish({
      finishReason: reason,
      ...defined({
        rawFinishReason: raw,
        usage: usageOf(this.usage),
        id,
        model,
        serviceTier: serviceTierOf(this.usage),
        refusal:
          reason === "content-filter" && raw !== undefined
            ? defined({ category: raw, explanation: nonEmpty(this.facts["finishMessage"]) })
            : undefined,
        extensions: extensions === undefined ? undefined : { gemini: extensions },
      }),
    });
  }

  private chunk(value: unknown): void {
    if (this.over || !isObject(value)) return;
    if (value["error"] !== undefined) {
      const error = errorObjectOf(value);
      if (error !== undefined) {
        this.fail(decodeInBandError(error, this.target));
        return;
      }
    }
    if (isChunk(value)) this.note(value);
    const candidate = firstCandidate(value["candidates"]);
    this.count(value["usageMetadata"], candidate?.["finishReason"] === undefined);
    if (candidate !== undefined) this.candidate(candidate);
    const feedback = value["promptFeedback"];
    if (isObject(feedback)) this.feedback(feedback, candidate);
  }

  /**
   * Records usage. The last chunk that counts tokens is used, because early chunks on Vertex count none. The first
   * usage of a stream is an event, since the tokens of the prompt do not change.
   * @param goesOn the chunk does not end the answer.
   */
  private count(metadata: unknown, goesOn: boolean): void {
    if (
      !isObject(metadata) ||
      (metadata["promptTokenCount"] ?? metadata["candidatesTokenCount"]) === undefined
    )
      return;
    const first = this.usage === undefined;
    this.usage = metadata;
    const usage = first && goesOn ? usageOf(metadata) : undefined;
    if (usage !== undefined) this.out.event({ type: "usage", usage });
  }

  /** Notes the first id and model, which may be those of a late chunk, and starts the answer with its first chunk. */
  private note(value: JsonObject): void {
    const { reply } = this.parts;
    if (reply.id === undefined || reply.model === undefined) {
      const id = reply.id ?? nonEmpty(value["responseId"]);
      const model = reply.model ?? nonEmpty(value["modelVersion"]);
      if (id !== reply.id || model !== reply.model) this.parts.reply = { id, model };
    }
    if (this.started) return;
    this.started = true;
    this.out.event({ type: "start", ...defined(this.parts.reply), provider: this.target.provider });
  }

  private candidate(candidate: JsonObject): void {
    this.answered = true;
    // A finish reason in a separate chunk no longer concerns the code before it.
    this.parts.awaitsResult = false;
    const content = candidate["content"];
    if (isObject(content) && Array.isArray(content["parts"])) {
      let logprobs =
        candidate["logprobsResult"] === undefined ? undefined : logprobsOf(candidate["logprobsResult"]);
      for (const part of content["parts"] as readonly unknown[]) {
        // Content after a finish reason revokes it: the answer continues.
        if (!isObject(part)) continue;
        if (this.parts.decode(part, logprobs)) this.finish = undefined;
        // They belong to the chunk and are emitted once, with its first text.
        if (logprobs !== undefined && part["text"] !== undefined && part["thought"] !== true)
          logprobs = undefined;
      }
    }
    // Most chunks have only content and an index: checking their few keys is cheaper than looking up all known names.
    for (const name in candidate) {
      switch (name) {
        case "finishReason":
          this.finish = finishOf(candidate[name]) ?? this.finish;
          break;
        case "groundingMetadata":
        case "urlContextMetadata":
        case "safetyRatings":
        case "finishMessage":
        case "avgLogprobs":
          this.keep(name, candidate[name]);
          break;
        case "citationMetadata":
          this.citation = asObject(candidate[name]) ?? this.citation;
          break;
        default:
          break;
      }
    }
  }

  /** Keeps a fact. An empty `groundingMetadata: {}` of an early chunk does not count. */
  private keep(name: string, value: JsonObject[string]): void {
    if (isObject(value) && Object.keys(value).length === 0) return;
    this.facts[name] = value;
  }

  private feedback(feedback: JsonObject, candidate: JsonObject | undefined): void {
    this.keep("promptFeedback", feedback);
    const blocked = feedback["blockReason"];
    if (candidate === undefined && blocked !== undefined && blocked !== "BLOCK_REASON_UNSPECIFIED")
      this.finish = { reason: "content-filter", raw: String(blocked) };
  }

  /** The facts without the sources, which are parts of the answer. */
  private extensions(): JsonObject | undefined {
    const grounding = asObject(this.facts["groundingMetadata"]);
    if (grounding !== undefined) {
      const { groundingChunks: _chunks, ...rest } = grounding;
      if (Object.keys(rest).length > 0) this.facts["groundingMetadata"] = rest;
      else delete this.facts["groundingMetadata"];
    }
    return Object.keys(this.facts).length === 0 ? undefined : this.facts;
  }

  private skip(data: string): void {
    const failure = this.malformed.skip(data, this.parts.inCall);
    if (failure !== undefined) this.fail(failure);
  }

  private fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.out.fail(error);
  }
}

/** Whether an object is a chunk of an answer, and not an event of an unknown kind. */
function isChunk(value: JsonObject): boolean {
  return (value["candidates"] ?? value["usageMetadata"] ?? value["promptFeedback"]) !== undefined;
}

/** The first candidate, which is the only one that counts. Chunks may name it by index. */
function firstCandidate(candidates: unknown): JsonObject | undefined {
  if (!Array.isArray(candidates)) return undefined;
  for (const one of candidates as readonly unknown[])
    if (isObject(one) && (one["index"] === undefined || one["index"] === 0)) return one;
  return undefined;
}
