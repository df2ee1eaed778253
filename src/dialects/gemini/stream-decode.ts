import type { DialectTarget, StreamDecoder } from "../../core/dialect.js";
import { AiLibError } from "../../core/error.js";
import type { PartHead } from "../../core/event.js";
import type { Frame } from "../../core/http.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
  tryParse,
} from "../../core/json.js";
import type { ContentPart, Origin, TokenLogprob, ToolCallPart, ToolResultPart } from "../../core/message.js";
import type { FinishReason } from "../../core/response.js";
import type { PartSink } from "../../core/sink.js";
import { errorObjectOf, errorOf } from "./errors.js";
import { finishOf } from "./finish.js";
import { type PlacedText, sourcesOf } from "./grounding.js";
import { logprobsOf } from "./logprobs.js";
import { decodeMedia } from "./media.js";
import { PartialArgs } from "./partial-args.js";
import { decodeResult } from "./result-codec.js";
import { CODE_EXECUTION, FAMILY, SKIP_SIGNATURE, syntheticId } from "./shape.js";
import { serviceTierOf, usageOf } from "./usage.js";

/** The part that is open: deltas of its kind go on with it. */
interface OpenPart {
  readonly kind: "text" | "reasoning" | "audio" | "call";
  readonly index: number;
  /** The media type of an audio part. */
  readonly mediaType?: string;
  /** The arguments of a call that come in pieces. */
  readonly args?: PartialArgs;
  readonly signature?: string | undefined;
}

/** Facts of a candidate or a reply that the contract has no name for; the last of each is kept. */
const CANDIDATE_FACTS = [
  "groundingMetadata",
  "urlContextMetadata",
  "safetyRatings",
  "finishMessage",
  "avgLogprobs",
] as const;

/**
 * Reads the chunks of one answer; a whole reply is one chunk. The answer is known to be whole only when the body
 * ends: with code execution a chunk may say `STOP` and more content still comes (recording
 * `two-terminal-stream-unicode-answer-after-the-first-finish`), so the ending waits for {@link end}.
 */
export class GeminiDecoder implements StreamDecoder {
  private over = false;
  private started = false;
  private malformed = false;
  /** A candidate came. */
  private answered = false;
  private count = 0;
  private open: OpenPart | undefined;
  private id: string | undefined;
  private model: string | undefined;
  private usage: JsonObject | undefined;
  private finish: { reason: FinishReason; raw: string } | undefined;
  /** The last part was code to run, and what it printed has not come. */
  private awaitsResult = false;
  private readonly texts: { index: number; text: string }[] = [];
  private readonly facts: MutableJson = {};
  private citation: JsonObject | undefined;
  /** The last call that the provider runs, for results that name none. */
  private serverCall: { id: string; name: string } | undefined;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {}

  frame(frame: Frame): void {
    if (this.over) return;
    const value = tryParse(frame.data);
    if (value === undefined) this.skipMalformed(frame.data);
    else this.value(value);
  }

  /** Takes one parsed chunk, or an array of them. */
  value(value: unknown): void {
    try {
      if (Array.isArray(value)) for (const one of value as readonly unknown[]) this.chunk(one);
      else this.chunk(value);
    } catch (error) {
      this.fail(AiLibError.from(error, "INVALID_RESPONSE"));
    }
  }

  end(): void {
    if (this.over) return;
    const { finish } = this;
    if (finish === undefined || (this.awaitsResult && finish.reason === "stop"))
      this.fail(
        new AiLibError({
          code: "STREAM_TRUNCATED",
          message: `${this.target.provider}: the stream ended before its finishReason`,
        }),
      );
    else this.conclude(finish.reason, finish.raw);
  }

  /** Ends a reply that came whole: nothing can follow, even where no finish reason stands. */
  endWhole(): void {
    if (this.over) return;
    if (this.finish !== undefined) this.conclude(this.finish.reason, this.finish.raw);
    else if (this.answered) this.conclude("other", undefined);
    else
      this.fail(
        new AiLibError({
          code: "INVALID_RESPONSE",
          message: `${this.target.provider}: the reply has neither a candidate nor a reason why it was blocked`,
        }),
      );
  }

  private conclude(reason: FinishReason, raw: string | undefined): void {
    this.closeOpen(reason === "length");
    for (const source of sourcesOf(asObject(this.facts["groundingMetadata"]), this.citation, this.texts))
      this.whole(source);
    this.over = true;
    const usage = usageOf(this.usage);
    const serviceTier = serviceTierOf(this.usage);
    const extensions = this.extensions();
    this.out.finish({
      finishReason: reason,
      ...(raw === undefined ? {} : { rawFinishReason: raw }),
      ...(usage === undefined ? {} : { usage }),
      ...(this.id === undefined ? {} : { id: this.id }),
      ...(this.model === undefined ? {} : { model: this.model }),
      ...(serviceTier === undefined ? {} : { serviceTier }),
      ...(extensions === undefined ? {} : { extensions: { gemini: extensions } }),
    });
  }

  private chunk(value: unknown): void {
    if (this.over || !isObject(value)) return;
    const error = value["error"] === undefined ? undefined : errorObjectOf(value);
    if (error !== undefined) {
      this.fail(errorOf(error, this.target));
      return;
    }
    if (!this.started && isChunk(value)) this.start(value);
    const metadata = value["usageMetadata"];
    // The last usage that counts tokens stands; early chunks on Vertex count none.
    if (
      isObject(metadata) &&
      (metadata["promptTokenCount"] ?? metadata["candidatesTokenCount"]) !== undefined
    )
      this.usage = metadata;
    const candidate = firstCandidate(value["candidates"]);
    if (candidate !== undefined) this.candidate(candidate);
    const feedback = value["promptFeedback"];
    if (isObject(feedback)) this.feedback(feedback, candidate);
  }

  private start(value: JsonObject): void {
    this.started = true;
    this.id = asString(value["responseId"]);
    this.model = asString(value["modelVersion"]);
    this.out.event({
      type: "start",
      ...(this.id === undefined ? {} : { id: this.id }),
      ...(this.model === undefined ? {} : { model: this.model }),
      provider: this.target.provider,
    });
  }

  private candidate(candidate: JsonObject): void {
    this.answered = true;
    // A reason in a chunk of its own is no longer about the code before it.
    this.awaitsResult = false;
    const content = candidate["content"];
    const parts = isObject(content) ? content["parts"] : undefined;
    if (Array.isArray(parts)) {
      const logprobs =
        candidate["logprobsResult"] === undefined ? undefined : logprobsOf(candidate["logprobsResult"]);
      for (const part of parts as readonly unknown[]) if (isObject(part)) this.part(part, logprobs);
    }
    for (const name of CANDIDATE_FACTS) if (candidate[name] !== undefined) this.keep(name, candidate[name]);
    if (isObject(candidate["citationMetadata"])) this.citation = candidate["citationMetadata"];
    if (candidate["finishReason"] !== undefined)
      this.finish = finishOf(candidate["finishReason"]) ?? this.finish;
  }

  /** Keeps a fact; an empty `groundingMetadata: {}` of an early chunk does not overwrite anything. */
  private keep(name: string, value: JsonObject[string]): void {
    if (isObject(value) && Object.keys(value).length === 0) return;
    this.facts[name] = value;
  }

  private feedback(feedback: JsonObject, candidate: JsonObject | undefined): void {
    this.facts["promptFeedback"] = feedback;
    const blocked = feedback["blockReason"];
    if (candidate === undefined && blocked !== undefined && blocked !== "BLOCK_REASON_UNSPECIFIED")
      this.finish = { reason: "content-filter", raw: String(blocked) };
  }

  private part(part: JsonObject, logprobs: readonly TokenLogprob[] | undefined): void {
    const { text } = part;
    const signed = part["thoughtSignature"];
    if (typeof text === "string") {
      if (text !== "" || signed !== undefined)
        this.text(text, part["thought"] === true, asString(signed), logprobs);
      return;
    }
    const origin = this.originOf(asString(signed));
    const call = asObject(part["functionCall"]);
    if (call !== undefined) this.call(call, asString(signed));
    else if (isObject(part["inlineData"]) || isObject(part["fileData"])) this.media(part, origin);
    else this.serverSide(part, origin);
  }

  private text(
    text: string,
    thought: boolean,
    signature: string | undefined,
    logprobs: readonly TokenLogprob[] | undefined,
  ): void {
    const kind = thought ? "reasoning" : "text";
    // A signature without words belongs to the words before it.
    if (this.open?.kind !== kind) this.begin({ kind, index: this.count }, { type: kind });
    const index = this.count - 1;
    if (text !== "") {
      this.progress();
      if (thought) this.out.event({ type: "reasoning-delta", index, text });
      else {
        const last = this.texts.at(-1);
        if (last !== undefined) last.text += text;
        this.out.event(
          logprobs === undefined
            ? { type: "text-delta", index, text }
            : { type: "text-delta", index, text, logprobs },
        );
      }
    }
    // A signature signs what came until it, so the next words are another part.
    if (signature !== undefined) this.closeOpen(false, signature);
  }

  /** Content after a finish reason takes it back: the answer goes on. */
  private progress(): void {
    this.finish = undefined;
    this.awaitsResult = false;
  }

  private begin(open: OpenPart, head: PartHead): void {
    this.closeOpen(false);
    this.open = open;
    if (open.kind === "text") this.texts.push({ index: open.index, text: "" } satisfies PlacedText);
    this.count++;
    this.out.event({ type: "part-start", index: open.index, part: head });
  }

  private closeOpen(cut: boolean, signature = this.open?.signature): void {
    const { open } = this;
    if (open === undefined) return;
    this.open = undefined;
    if (open.args !== undefined && !cut) this.arguments(open.index, open.args.close());
    const origin = this.originOf(signature);
    this.out.event(
      origin === undefined
        ? { type: "part-end", index: open.index }
        : { type: "part-end", index: open.index, origin },
    );
  }

  private call(call: JsonObject, signature: string | undefined): void {
    this.progress();
    const name = asString(call["name"]);
    const partials = asArray(call["partialArgs"]);
    const goesOn = call["willContinue"] === true;
    if (name === undefined || name === "") {
      const args = this.open?.args;
      if (args !== undefined) {
        this.arguments(this.open?.index ?? 0, args.add(partials));
        if (!goesOn) this.closeOpen(false);
      }
      return;
    }
    const index = this.count;
    const id = asString(call["id"]);
    const args = goesOn || partials.length > 0 ? new PartialArgs() : undefined;
    this.begin(
      { kind: "call", index, signature, ...(args === undefined ? {} : { args }) },
      { type: "tool-call", id: id === undefined || id === "" ? syntheticId(this.id, index) : id, name },
    );
    if (args !== undefined) this.arguments(index, args.add(partials));
    else this.arguments(index, wholeArguments(call["args"]));
    if (!goesOn) this.closeOpen(false);
  }

  private arguments(index: number, text: string): void {
    if (text !== "") this.out.event({ type: "tool-call-delta", index, text });
  }

  private media(part: JsonObject, origin: Origin | undefined): void {
    const media = decodeMedia(part);
    if (media === undefined) return;
    this.progress();
    if (part["thought"] === true) {
      // Image models show drafts among their thoughts; they are no part of the answer.
      this.warn("other", "A draft picture of the model's thinking was left out");
      return;
    }
    if (media.type !== "audio" || media.data === undefined) {
      this.whole(origin === undefined ? media : { ...media, origin });
      return;
    }
    // Speech comes in pieces of one sound.
    if (this.open?.kind !== "audio" || this.open.mediaType !== media.mediaType) {
      const mediaType = media.mediaType ?? "";
      this.begin({ kind: "audio", index: this.count, mediaType }, { type: "audio", mediaType });
    }
    this.out.event({ type: "media-delta", index: this.count - 1, data: media.data });
    if (origin !== undefined) this.closeOpen(false, asString(origin.data["thoughtSignature"]));
  }

  /** Calls that the provider runs itself, and what they found. */
  private serverSide(part: JsonObject, origin: Origin | undefined): void {
    const found = this.serverCallOf(part) ?? this.serverResultOf(part);
    if (found === undefined) {
      // An unknown part is skipped; a signature on it must go back all the same.
      if (origin !== undefined)
        this.text("", part["thought"] === true, asString(origin.data["thoughtSignature"]), undefined);
      return;
    }
    this.progress();
    this.awaitsResult = found.type === "tool-call" && found.name === CODE_EXECUTION;
    this.whole(origin === undefined ? found : { ...found, origin });
  }

  private serverCallOf(part: JsonObject): ToolCallPart | undefined {
    const code = asObject(part["executableCode"]);
    const call = code ?? asObject(part["toolCall"]);
    if (call === undefined) return undefined;
    const id = asString(call["id"]) ?? syntheticId(this.id, this.count);
    const name = code === undefined ? (asString(call["toolType"]) ?? "") : CODE_EXECUTION;
    this.serverCall = { id, name };
    const given: MutableJson = { ...(code ?? asObject(call["args"])) };
    if (code !== undefined) delete given["id"];
    return { type: "tool-call", id, name, arguments: given, executedBy: "provider" };
  }

  private serverResultOf(part: JsonObject): ToolResultPart | undefined {
    const run = asObject(part["codeExecutionResult"]);
    const result = run ?? asObject(part["toolResponse"]);
    if (result === undefined) return undefined;
    const { serverCall } = this;
    const id = asString(result["id"]) ?? serverCall?.id ?? syntheticId(this.id, this.count);
    const outcome = asString(run?.["outcome"]);
    const failed = outcome !== undefined && outcome !== "OUTCOME_OK";
    const { text, isError } =
      run === undefined
        ? decodeResult(asObject(result["response"]))
        : { text: asString(run["output"]) ?? "", isError: failed };
    return {
      type: "tool-result",
      id,
      name: run === undefined ? (asString(result["toolType"]) ?? serverCall?.name ?? "") : CODE_EXECUTION,
      content: text,
      ...(isError ? { isError } : {}),
      ...(failed && outcome !== "OUTCOME_FAILED"
        ? { extensions: { gemini: { codeExecutionResult: { outcome } } } }
        : {}),
      executedBy: "provider",
    };
  }

  private whole(part: ContentPart): void {
    this.closeOpen(false);
    this.out.event({ type: "part", index: this.count, part });
    this.count++;
  }

  private originOf(signature: string | undefined): Origin | undefined {
    if (signature === undefined || signature === "" || signature === SKIP_SIGNATURE) return undefined;
    const { provider, account } = this.target;
    return {
      family: FAMILY,
      provider,
      ...(this.model === undefined ? {} : { model: this.model }),
      ...(account === undefined ? {} : { account }),
      data: { thoughtSignature: signature },
    };
  }

  /** Everything but the sources, which are parts of the answer. */
  private extensions(): JsonObject | undefined {
    const grounding = asObject(this.facts["groundingMetadata"]);
    if (grounding !== undefined) {
      const { groundingChunks: _chunks, ...rest } = grounding;
      if (Object.keys(rest).length > 0) this.facts["groundingMetadata"] = rest;
      else delete this.facts["groundingMetadata"];
    }
    return Object.keys(this.facts).length === 0 ? undefined : this.facts;
  }

  private skipMalformed(data: string): void {
    if (this.malformed || this.open?.args !== undefined) {
      this.fail(
        new AiLibError({
          code: "INVALID_RESPONSE",
          message: `${this.target.provider}: a chunk of the stream is no JSON`,
          body: data.slice(0, 2000),
        }),
      );
      return;
    }
    this.malformed = true;
    this.warn("malformed", "A chunk of the stream was no JSON and was skipped");
  }

  private warn(code: "malformed" | "other", message: string): void {
    this.out.event({ type: "warning", warning: { code, message } });
  }

  private fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.out.fail(error);
  }
}

/** Whether an object is a chunk of an answer, and not an event of a kind that is yet unknown. */
function isChunk(value: JsonObject): boolean {
  return (value["candidates"] ?? value["usageMetadata"] ?? value["promptFeedback"]) !== undefined;
}

/** The candidate that counts: the first. Chunks may name it by index. */
function firstCandidate(candidates: unknown): JsonObject | undefined {
  if (!Array.isArray(candidates)) return undefined;
  for (const one of candidates as readonly unknown[])
    if (isObject(one) && (one["index"] === undefined || one["index"] === 0)) return one;
  return undefined;
}

/** Arguments that came whole, as text; a call without any has none. */
function wholeArguments(args: unknown): string {
  if (args === undefined || args === null) return "";
  if (typeof args === "string") return args;
  return isObject(args) && Object.keys(args).length === 0 ? "" : JSON.stringify(args);
}
