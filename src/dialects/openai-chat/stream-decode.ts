import type { DialectTarget, StreamDecoder } from "../../core/dialect.js";
import { AiLibError } from "../../core/error.js";
import type { DeltaEvent } from "../../core/event.js";
import type { Frame } from "../../core/http.js";
import { asArray, asObject, asString, isObject, type JsonObject, tryParse } from "../../core/json.js";
import type { ContentPart, Origin } from "../../core/message.js";
import type { EndFacts } from "../../core/response.js";
import type { PartSink } from "../../core/sink.js";
import { readLogprobs } from "../logprobs.js";
import { callState } from "./calls.js";
import { contentPieces } from "./content.js";
import { errorIn, errorInBand } from "./errors.js";
import { ExecutedToolReader } from "./executed-tools.js";
import { failureOf, finishOf } from "./finish.js";
import { audioTypeOfBytes, readImages } from "./media.js";
import { familyOf, type OpenAiChatQuirks, quirksOf } from "./quirks.js";
import { detailsText, plainReasoning, ReasoningDetails } from "./reasoning.js";
import { firstChoice } from "./reply-decode.js";
import { SourceList } from "./sources.js";
import { StreamCalls } from "./stream-calls.js";
import { StreamEnding } from "./stream-ending.js";
import { ThinkSplitter } from "./think-tags.js";

/** No part is open. */
const NONE = -1;

/**
 * Reads the chunks of one stream.
 *
 * One text part takes all text until reasoning begins anew; calls stay open to the end, since parallel ones may be
 * interleaved. Sources come last, as lists of them are repeated or late. The stream is over at `[DONE]`, or, with
 * speakers that never send it (Perplexity, Cerebras), at the end of the body after a finish reason.
 */
export class ChatStreamDecoder implements StreamDecoder {
  private readonly quirks: OpenAiChatQuirks;
  private readonly calls: StreamCalls;
  private readonly ending: StreamEnding;
  private readonly sources = new SourceList();
  private readonly think: ThinkSplitter | undefined;
  private details: ReasoningDetails | undefined;
  /** Reasoning text comes in a field of its own. */
  private plain = false;
  private ended = false;
  private started = false;
  private malformed = false;

  private id: string | undefined;
  private model: string | undefined;
  private tier: string | undefined;

  /** Parts so far: the index of the next. */
  private count = 0;
  /** Pieces of content so far. */
  private pieces = 0;
  private text = NONE;
  private firstText = NONE;
  private reasoning = NONE;
  private refusal = NONE;
  private audio = NONE;
  private audioId: string | undefined;
  private textState: JsonObject | undefined;
  private executed: ExecutedToolReader | undefined;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {
    this.quirks = quirksOf(target);
    this.ending = new StreamEnding(this.quirks.usageExcludesReasoning ?? false);
    this.calls = new StreamCalls(out, () => this.count++, this.originOf);
    this.think = this.quirks.thinkTags === true ? new ThinkSplitter() : undefined;
  }

  frame(frame: Frame): void {
    if (this.ended) return;
    const { data } = frame;
    if (data.startsWith("[") && data.trim() === "[DONE]") {
      this.finishUp();
      return;
    }
    const chunk = tryParse(data);
    try {
      if (isObject(chunk)) this.chunk(chunk, data);
      else this.skip(data);
    } catch (error) {
      this.fail(AiLibError.from(error, "INVALID_RESPONSE"));
    }
  }

  end(): void {
    if (this.ended) return;
    if (this.ending.whole) this.finishUp();
    else
      this.fail(
        new AiLibError({
          code: "STREAM_TRUNCATED",
          message: "The stream stopped without a finish reason and without [DONE]",
        }),
      );
  }

  private chunk(chunk: JsonObject, data: string): void {
    if (chunk["error"] != null || !Array.isArray(chunk["choices"])) {
      const words = errorIn(chunk);
      if (words !== undefined) {
        this.fail(errorInBand(words, this.target, data));
        return;
      }
    }
    if (!this.started) this.begin(chunk);
    if (chunk["citations"] !== undefined || chunk["search_results"] !== undefined) this.sources.addTop(chunk);
    const choice = firstChoice(chunk["choices"]);
    if (choice !== undefined && (choice["index"] === 0 || typeof choice["index"] !== "number"))
      this.choice(choice, chunk, data);
    const usage = chunk["usage"];
    if (usage != null) this.ending.addUsage(usage);
    const groq = chunk["x_groq"];
    if (groq !== undefined) this.ending.addUsage(asObject(groq)?.["usage"]);
  }

  private choice(choice: JsonObject, chunk: JsonObject, data: string): void {
    const delta = choice["delta"] ?? choice["message"] ?? choice;
    const before = this.pieces;
    if (isObject(delta)) this.delta(delta, choice);
    const finish = choice["finish_reason"];
    if (typeof finish !== "string" || finish === "") {
      if (this.pieces !== before) this.ending.content();
      return;
    }
    this.ending.end(finish, isObject(delta) && asArray(delta["tool_calls"]).length > 0);
    // Moonshot's place for it.
    if (choice["usage"] != null) this.ending.addUsage(choice["usage"]);
    this.readTier(chunk);
    const code = failureOf(finish);
    if (code !== undefined)
      this.fail(
        new AiLibError({
          code,
          message: `The provider ended the answer with "${finish}": it failed midway`,
          body: data,
        }),
      );
  }

  private delta(delta: JsonObject, choice: JsonObject): void {
    const { content } = delta;
    if (typeof content === "string") {
      if (content !== "") {
        // Reasoning that shares a chunk with text comes before it.
        this.readReasoning(delta);
        const logprobs = choice["logprobs"];
        if (this.think !== undefined) this.think.push(content, this.takeThink);
        else this.addText(content, logprobs);
      } else this.readReasoning(delta);
    } else {
      this.readReasoning(delta);
      if (content != null) this.readPieces(content);
    }
    const calls = delta["tool_calls"];
    if (Array.isArray(calls) && calls.length > 0) {
      this.pieces++;
      this.calls.add(calls, this.id);
    }
    this.readRare(delta);
  }

  /** Fields that few speakers send, and those seldom. */
  private readRare(delta: JsonObject): void {
    if (typeof delta["refusal"] === "string" && delta["refusal"] !== "") this.addRefusal(delta["refusal"]);
    if (delta["function_call"] != null) this.calls.addLegacy(delta["function_call"], this.id);
    if (delta["annotations"] != null)
      this.sources.addAnnotations(
        delta["annotations"],
        this.firstText === NONE ? this.count : this.firstText,
      );
    if (delta["images"] != null) this.addParts(readImages(delta["images"]));
    if (delta["audio"] != null) this.addAudio(delta["audio"]);
    if (delta["executed_tools"] != null) {
      this.executed ??= new ExecutedToolReader();
      this.addParts(this.executed.add(delta["executed_tools"], this.id));
    }
    if (delta["extra_content"] != null) this.textState = callState(delta);
  }

  private readReasoning(delta: JsonObject): void {
    let text = plainReasoning(delta);
    if (text !== "") this.plain = true;
    const details = delta["reasoning_details"];
    if (Array.isArray(details) && details.length > 0) {
      this.details ??= new ReasoningDetails();
      this.details.add(details);
      this.openReasoning();
      // Where the text comes in a field of its own, the blocks only repeat it.
      if (!this.plain) text = detailsText(details);
    }
    if (text !== "") this.addReasoning(text);
  }

  private readPieces(content: unknown): void {
    for (const piece of contentPieces(content)) {
      if (piece.type === "text") this.addText(piece.text, undefined);
      else if (piece.type === "reasoning") this.addReasoning(piece.text);
      else if (piece.type === "refusal") this.addRefusal(piece.text);
      else this.out.event({ type: "part", index: this.count++, part: piece });
    }
  }

  private addParts(parts: readonly ContentPart[]): void {
    for (const part of parts) this.out.event({ type: "part", index: this.count++, part });
  }

  private addText(text: string, logprobs: unknown): void {
    if (text === "") return;
    this.pieces++;
    if (this.text === NONE) {
      // Reasoning with state stays open: more of its state may follow the text.
      if (this.reasoning !== NONE && this.details === undefined) this.closeReasoning();
      this.text = this.count++;
      if (this.firstText === NONE) this.firstText = this.text;
      this.out.event({ type: "part-start", index: this.text, part: { type: "text" } });
    }
    const tokens = logprobs == null ? undefined : readLogprobs(logprobs);
    const event: DeltaEvent =
      tokens === undefined
        ? { type: "text-delta", index: this.text, text }
        : { type: "text-delta", index: this.text, text, logprobs: tokens };
    this.out.event(event);
  }

  private addReasoning(text: string): void {
    if (text === "") return;
    this.pieces++;
    this.openReasoning();
    this.out.event({ type: "reasoning-delta", index: this.reasoning, text });
  }

  private openReasoning(): void {
    if (this.reasoning !== NONE) return;
    if (this.text !== NONE && this.details === undefined) {
      this.closeText();
      this.text = NONE;
    }
    this.reasoning = this.count++;
    this.out.event({ type: "part-start", index: this.reasoning, part: { type: "reasoning" } });
  }

  private addRefusal(text: string): void {
    if (this.refusal === NONE) {
      this.refusal = this.count++;
      this.out.event({ type: "part-start", index: this.refusal, part: { type: "refusal" } });
    }
    this.out.event({ type: "refusal-delta", index: this.refusal, text });
  }

  private addAudio(value: unknown): void {
    const audio = asObject(value);
    if (audio === undefined) return;
    const data = asString(audio["data"]);
    if (this.audio === NONE) {
      this.audio = this.count++;
      const mediaType = audioTypeOfBytes(data ?? "");
      this.out.event({ type: "part-start", index: this.audio, part: { type: "audio", mediaType } });
    }
    this.audioId = asString(audio["id"]) ?? this.audioId;
    const transcript = asString(audio["transcript"]);
    if (data === undefined && transcript === undefined) return;
    this.out.event({
      type: "media-delta",
      index: this.audio,
      ...(data === undefined ? {} : { data }),
      ...(transcript === undefined ? {} : { transcript }),
    });
  }

  private readonly takeThink = (reasoning: boolean, text: string): void => {
    if (reasoning) this.addReasoning(text);
    else this.addText(text, undefined);
  };

  private begin(chunk: JsonObject): void {
    const id = asString(chunk["id"]);
    const model = asString(chunk["model"]);
    this.readTier(chunk);
    if (id !== undefined && id !== "") this.id = id;
    if (model !== undefined && model !== "") this.model = model;
    // Azure's first chunk has neither: it only tells how its filters judged the prompt.
    const choices = chunk["choices"];
    if (this.id === undefined && !(Array.isArray(choices) && choices.length > 0)) return;
    this.started = true;
    this.out.event({
      type: "start",
      ...(this.id === undefined ? {} : { id: this.id }),
      ...(this.model === undefined ? {} : { model: this.model }),
      provider: this.target.provider,
    });
  }

  private readTier(chunk: JsonObject): void {
    const tier = asString(chunk["service_tier"]);
    if (tier !== undefined && tier !== "") this.tier = tier;
  }

  private readonly originOf = (data: JsonObject): Origin => ({
    family: familyOf(this.target, this.quirks),
    provider: this.target.provider,
    model: this.model ?? this.target.model,
    ...(this.target.account === undefined ? {} : { account: this.target.account }),
    data,
  });

  private closeReasoning(): void {
    const { details, reasoning: index } = this;
    this.reasoning = NONE;
    if (details === undefined || details.empty) this.out.event({ type: "part-end", index });
    else
      this.out.event({
        type: "part-end",
        index,
        origin: this.originOf({ reasoning_details: details.value }),
      });
  }

  private closeText(): void {
    const state = this.textState;
    this.textState = undefined;
    if (state === undefined) this.out.event({ type: "part-end", index: this.text });
    else this.out.event({ type: "part-end", index: this.text, origin: this.originOf(state) });
  }

  /** The terminator has come: closes what is open, in the order of the parts, and tells the facts. */
  private finishUp(): void {
    try {
      this.think?.end(this.takeThink);
      if (this.reasoning !== NONE) this.closeReasoning();
      if (this.text !== NONE) this.closeText();
      if (this.refusal !== NONE) this.out.event({ type: "part-end", index: this.refusal });
      if (this.audio !== NONE)
        this.out.event({
          type: "part-end",
          index: this.audio,
          ...(this.audioId === undefined ? {} : { origin: this.originOf({ audio: { id: this.audioId } }) }),
        });
      this.calls.close(this.id);
      if (this.executed !== undefined) this.addParts(this.executed.rest(this.id));
      this.addParts(this.sources.parts());
    } catch (error) {
      this.fail(AiLibError.from(error, "INVALID_RESPONSE"));
      return;
    }
    this.ended = true;
    this.out.finish(this.facts());
  }

  private facts(): EndFacts {
    const { reason, usage } = this.ending;
    return {
      finishReason: reason === undefined ? "other" : finishOf(reason),
      ...(reason === undefined ? {} : { rawFinishReason: reason }),
      ...(usage === undefined ? {} : { usage }),
      ...(this.id === undefined ? {} : { id: this.id }),
      ...(this.model === undefined ? {} : { model: this.model }),
      ...(this.tier === undefined ? {} : { serviceTier: this.tier }),
    };
  }

  /** A frame that is no JSON object: the first is skipped, unless a call's arguments may have been in it. */
  private skip(data: string): void {
    if (data.trim() === "") return;
    const words = `A frame of the stream was no JSON object: ${data.slice(0, 200)}`;
    if (this.malformed || this.calls.any) {
      this.fail(new AiLibError({ code: "INVALID_RESPONSE", message: words, body: data }));
      return;
    }
    this.malformed = true;
    this.out.event({ type: "warning", warning: { code: "malformed", message: words } });
  }

  private fail(error: AiLibError): void {
    if (this.ended) return;
    this.ended = true;
    this.out.fail(error);
  }
}
