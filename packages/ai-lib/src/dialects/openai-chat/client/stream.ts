import type { DialectTarget, StreamDecoder, TextFrames } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { NotLoaded } from "../../../core/errors/on-demand.js";
import type { EndFacts } from "../../../core/values/chat-response.js";
import { asArray, asObject, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { DeltaTemplate } from "../../shared/common/delta-template.js";
import { restOf } from "../../shared/common/repeats.js";
import { MalformedFrames, truncated } from "../../shared/common/stream-errors.js";
import { billedCost } from "../../shared/openai/billed.js";
import { mayBeError } from "../../shared/openai/error-signs.js";
import { callState } from "../shared/calls.js";
import type { SourceList } from "../shared/citations.js";
import { finishIn, finishOf } from "../shared/finish.js";
import { familyOf, quirksOf } from "../shared/quirks.js";
import { decodeReasoning, reasoningFieldOf } from "../shared/state.js";
import type { ExecutedTools } from "./executed-tools.js";
import { errors, hasRareParts, mayHaveFailed, rareParts } from "./on-demand.js";
import { firstChoice } from "./reply.js";
import type { StreamCalls } from "./stream-calls.js";
import { StreamEnding } from "./stream-ending.js";
import { StreamParts } from "./stream-parts.js";
import { PLAIN_TEXT } from "./stream-plain.js";
import type { ThinkSplitter } from "./think-tags.js";

/**
 * Decodes a stream. Calls stay open to the end, since parallel ones may be interleaved. Sources come last, since lists
 * of them are repeated or late. The stream ends with `[DONE]` or, at endpoints that do not send it (Perplexity,
 * Cerebras), with the body after a finish reason.
 */
export class OpenAIChatStreamDecoder implements StreamDecoder {
  private readonly parts: StreamParts;
  /** Made for the first call. */
  private calls: StreamCalls | undefined;
  private readonly ending: StreamEnding;
  private sources: SourceList | undefined;
  /** The text may contain thinking. */
  private readonly thinks: boolean;
  private think: ThinkSplitter | undefined;
  /** Decodes chunks that have text alone; undefined if the text may contain thinking. */
  private readonly plainText: DeltaTemplate | undefined;
  private executed: ExecutedTools | undefined;
  /** Reasoning text has a field of its own. */
  private plain = false;
  private ended = false;
  private started = false;
  private readonly malformed: MalformedFrames;
  private id: string | undefined;
  private tier: string | undefined;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {
    this.malformed = new MalformedFrames(target, out);
    const quirks = quirksOf(target);
    this.ending = new StreamEnding(quirks.usageExcludesReasoning ?? false);
    this.parts = new StreamParts(target, familyOf(target, quirks), out);
    this.thinks = quirks.thinkTags === true;
    this.plainText = this.thinks ? undefined : new DeltaTemplate(PLAIN_TEXT);
  }

  frame({ data }: Frame): void {
    if (this.ended) return;
    const text = this.plainText?.text(data);
    if (text !== undefined) {
      this.addText(text);
      return;
    }
    if (data.startsWith("[") && data.trim() === "[DONE]") {
      this.finish();
      return;
    }
    const value = tryParse(data);
    // Google's compatible endpoint sends its errors in an array.
    const chunk: unknown = Array.isArray(value) ? value[0] : value;
    try {
      if (isObject(chunk)) this.chunk(chunk, data);
      else this.skip(data);
    } catch (error) {
      if (error instanceof NotLoaded) throw error;
      this.fail(AiLibError.from(error, "INVALID_RESPONSE"));
    }
    if (this.started) this.plainText?.learn(data, value);
  }

  get textFrames(): TextFrames | undefined {
    return this.ended ? undefined : this.plainText?.textFrames;
  }

  /** Adds the text of a chunk that has nothing else. */
  addText(text: string): void {
    if (text === "") return;
    this.parts.addText(text, undefined);
    this.ending.content();
  }

  get finished(): "reason" | "whole" | undefined {
    if (!this.ending.complete) return undefined;
    return this.ending.usage === undefined ? "reason" : "whole";
  }

  settle(): void {
    if (!this.ended) this.finish();
  }

  end(): void {
    if (this.ended) return;
    if (this.ending.complete) this.finish();
    else this.fail(truncated(this.target, "a finish reason of the whole answer"));
  }

  private chunk(chunk: JsonObject, data: string): void {
    const { choices } = chunk;
    const choice = firstChoice(choices);
    const finish = choice && finishIn(choice);
    const groq = asObject(chunk["x_groq"]);
    if (mayBeError(chunk) && this.hasFailed(chunk, data)) return;
    // If the code for a chunk is not loaded yet, the chunk is decoded again later, so this check precedes every change
    // of state.
    if (mayHaveFailed(choice, finish) || nonEmpty(groq?.["error"]) !== undefined) errors.get();
    if (this.thinks) this.think ??= new (rareParts.get().ThinkSplitter)();
    else if (hasRareParts(chunk, choice)) rareParts.get();
    this.decodeFacts(chunk);
    if (!this.started) this.begin(chunk);
    if (choice !== undefined && (choice["index"] === 0 || typeof choice["index"] !== "number"))
      this.choice(choice, finish, data);
    if (chunk["usage"] != null) this.addUsage(chunk["usage"]);
    if (groq !== undefined) this.groq(groq, data);
    if (chunk["citations"] != null || chunk["search_results"] != null) this.allSources().addTop(chunk);
  }

  /** Groq's own fields: usage, and why it stopped a stream early (https://console.groq.com/docs/api-reference#chat-create). */
  private groq(fields: JsonObject, data: string): void {
    this.addUsage(fields["usage"]);
    const error = nonEmpty(fields["error"]);
    if (error !== undefined) this.hasFailed({ error }, data);
  }

  /** Fails the stream if a chunk is an error. */
  private hasFailed(chunk: JsonObject, data: string): boolean {
    const { errorIn, decodeInBandError } = errors.get();
    const error = errorIn(chunk);
    if (error !== undefined) this.fail(decodeInBandError(error, data, this.target));
    return error !== undefined;
  }

  private addUsage(value: unknown): void {
    const usage = this.ending.addUsage(value);
    if (usage !== undefined && this.started) this.out.event({ type: "usage", usage });
  }

  private choice(choice: JsonObject, finish: string | undefined, data: string): void {
    const { pieces } = this.parts;
    const delta = choice["delta"] ?? this.newIn(choice["message"]);
    if (isObject(delta)) this.delta(delta, choice);
    else if (typeof choice["text"] === "string") this.parts.addText(choice["text"], undefined);
    if (finish !== undefined) {
      this.ending.end(finish, isObject(delta) && asArray(delta["tool_calls"]).length > 0);
      // Moonshot has usage here.
      if (choice["usage"] != null) this.addUsage(choice["usage"]);
      if (mayHaveFailed(choice, finish)) this.choiceFailed(choice, finish, data);
    } else if (this.parts.pieces !== pieces) this.ending.content();
  }

  private choiceFailed(choice: JsonObject, finish: string, data: string): void {
    const failed = errors.get().failureIn(choice, finish, data, this.hasCalls, this.target);
    if (failed !== undefined && "error" in failed) this.fail(failed.error);
    else if (failed !== undefined) this.out.event({ type: "warning", warning: failed.warning });
  }

  /**
   * The content of a complete message in a stream beyond the deltas before it. Some servers end a stream with the
   * complete message.
   */
  private newIn(message: unknown): unknown {
    if (!isObject(message) || (this.parts.pieces === 0 && !this.hasCalls)) return message;
    const { content, reasoning_content: _first, reasoning: _second, refusal, ...rest } = message;
    const reasoning = decodeReasoning(message);
    return {
      ...rest,
      content: typeof content === "string" ? restOf(this.parts.written("text"), content) : undefined,
      reasoning_content: restOf(this.parts.written("reasoning"), reasoning),
      refusal: typeof refusal === "string" ? restOf(this.parts.written("refusal"), refusal) : undefined,
    };
  }

  private delta(delta: JsonObject, choice: JsonObject): void {
    // Reasoning comes before text of the same chunk, whatever the order of the fields.
    this.reasoning(delta);
    const { content } = delta;
    if (typeof content === "string") {
      if (this.think === undefined) this.parts.addText(content, choice["logprobs"]);
      else if (content !== "") this.think.push(content, this.takeThink);
    } else if (content != null) this.content(content);
    // Most deltas have one or two fields.
    for (const key in delta) {
      if (key !== "content" && key !== "role" && delta[key] != null) this.field(key, delta[key], delta);
    }
  }

  private field(key: string, value: unknown, delta: JsonObject): void {
    switch (key) {
      case "tool_calls":
        if (!Array.isArray(value) || value.length === 0) return;
        this.parts.pieces++;
        this.parts.closePlainReasoning();
        this.allCalls().add(value, this.id);
        break;
      // The form before tools.
      case "function_call":
        this.parts.pieces++;
        this.allCalls().addLegacy(value, this.id);
        break;
      case "refusal":
        if (typeof value === "string") this.parts.addRefusal(value);
        break;
      case "annotations":
        this.allSources().addAnnotations(value, this.parts.textIndex);
        break;
      case "images":
        this.parts.addWhole(rareParts.get().decodeImages(value));
        break;
      case "audio":
        this.parts.addAudio(value);
        break;
      case "executed_tools":
        this.executed ??= new (rareParts.get().ExecutedTools)();
        this.parts.addWhole(this.executed.add(value, this.id));
        break;
      case "extra_content":
        this.parts.textState = callState(delta);
        break;
    }
  }

  private get hasCalls(): boolean {
    return this.calls?.any === true;
  }

  private allCalls(): StreamCalls {
    this.calls ??= new (rareParts.get().StreamCalls)(this.out, this.parts.next, this.parts.origin);
    return this.calls;
  }

  private allSources(): SourceList {
    this.sources ??= new (rareParts.get().SourceList)();
    return this.sources;
  }

  private reasoning(delta: JsonObject): void {
    const field = reasoningFieldOf(delta);
    let text = decodeReasoning(delta);
    if (text !== "") this.plain = true;
    const details = delta["reasoning_details"];
    if (Array.isArray(details) && details.length > 0) {
      this.parts.addDetails(details);
      // If the text has a field of its own, the blocks only repeat it.
      if (!this.plain) text = rareParts.get().decodeDetails(details);
    }
    if (text !== "") this.parts.addReasoning(text, field);
  }

  /** Content as a list of parts. */
  private content(content: unknown): void {
    for (const piece of rareParts.get().decodeContent(content)) {
      if (piece.type === "text") this.parts.addText(piece.text, undefined);
      else if (piece.type === "reasoning") this.parts.addReasoning(piece.text);
      else if (piece.type === "refusal") this.parts.addRefusal(piece.text);
      else this.parts.addWhole([piece]);
    }
  }

  private readonly takeThink = (reasoning: boolean, text: string): void => {
    if (reasoning) this.parts.addReasoning(text);
    else this.parts.addText(text, undefined);
  };

  private begin(chunk: JsonObject): void {
    const { choices } = chunk;
    // Azure's first chunk has only the results of its filters for the prompt.
    if (this.id === undefined && !(Array.isArray(choices) && choices.length > 0)) return;
    this.started = true;
    const { model } = this.parts;
    this.out.event({
      type: "start",
      ...defined({ id: this.id, model }),
      provider: this.target.provider,
    });
  }

  /** Notes the first id and model, and the last tier: some gateways change the id midway. */
  private decodeFacts(chunk: JsonObject): void {
    this.id ??= nonEmpty(chunk["id"]);
    this.parts.model ??= nonEmpty(chunk["model"]);
    this.tier = nonEmpty(chunk["service_tier"]) ?? this.tier;
  }

  /** Closes what is open and ends the stream. */
  private finish(): void {
    try {
      this.think?.end(this.takeThink);
      this.parts.close();
      this.calls?.close();
      if (this.executed !== undefined) this.parts.addWhole(this.executed.rest(this.id));
      if (this.sources !== undefined) this.parts.addWhole(this.sources.parts());
    } catch (error) {
      this.fail(AiLibError.from(error, "INVALID_RESPONSE"));
      return;
    }
    this.ended = true;
    this.out.finish(this.facts());
  }

  private facts(): EndFacts {
    const { reason, usage } = this.ending;
    const { model } = this.parts;
    return defined({
      finishReason: reason === undefined ? "other" : finishOf(reason),
      rawFinishReason: reason,
      usage,
      id: this.id,
      model,
      serviceTier: this.tier,
      cost: billedCost(usage?.raw, quirksOf(this.target).costInDollars ?? false),
    });
  }

  private skip(data: string): void {
    const failure = this.malformed.skip(data, this.hasCalls);
    if (failure !== undefined) this.fail(failure);
  }

  private fail(error: AiLibError): void {
    if (this.ended) return;
    this.ended = true;
    this.out.fail(error);
  }
}
