import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { DeltaEvent } from "../../../core/values/chat-event.js";
import { JoinedText } from "../../../core/values/joined-text.js";
import { asObject, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin } from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { originOf } from "../../shared/common/opaque-state.js";
import { fieldState, type ReasoningField } from "../shared/state.js";
import type { ReasoningDetails } from "./content.js";
import { rareParts } from "./on-demand.js";

/** No part is open. */
const NONE = -1;

/**
 * The parts of a stream, except its calls.
 *
 * A text part ends when reasoning starts, and a reasoning part when text starts. Reasoning with state stays open to the
 * end: more of its state may follow the text, and a whole reply also has it in one place.
 */
export class StreamParts {
  /** The number of pieces of content so far. */
  pieces = 0;
  /** The model that answers. */
  model: string | undefined;
  /** The state of the open text. */
  textState: JsonObject | undefined;
  private count = 0;
  private text = NONE;
  private firstText = NONE;
  private reasoning = NONE;
  private refusal = NONE;
  private audio = NONE;
  private audioId: string | undefined;
  private details: ReasoningDetails | undefined;
  private field: ReasoningField | undefined;
  private readonly texts = { text: new JoinedText(), reasoning: new JoinedText(), refusal: new JoinedText() };

  constructor(
    private readonly target: DialectTarget,
    private readonly family: string,
    private readonly out: PartSink,
  ) {}

  /** The index for a new part. */
  readonly next = (): number => this.count++;

  /** The index of the first text, or the one that it will get. */
  get textIndex(): number {
    return this.firstText === NONE ? this.count : this.firstText;
  }

  /** The origin of a part with state. */
  readonly origin = (data: JsonObject): Origin => originOf(this.target, this.family, data, this.model, true);

  /** All text of a kind so far. */
  written(kind: "text" | "reasoning" | "refusal"): string {
    return this.texts[kind].text;
  }

  addText(text: string, logprobs: unknown): void {
    if (text === "") return;
    this.pieces++;
    this.texts.text.add(text);
    if (this.text === NONE) {
      this.closePlainReasoning();
      this.text = this.count++;
      if (this.firstText === NONE) this.firstText = this.text;
      this.out.event({ type: "part-start", index: this.text, part: { type: "text" } });
    }
    const tokens = logprobs == null ? undefined : rareParts.get().decodeLogprobs(logprobs);
    const event: DeltaEvent =
      tokens === undefined
        ? { type: "text-delta", index: this.text, text }
        : { type: "text-delta", index: this.text, text, logprobs: tokens };
    this.out.event(event);
  }

  /** @param field the field that had it, if one of its own */
  addReasoning(text: string, field?: ReasoningField): void {
    if (text === "") return;
    this.field ??= field;
    this.pieces++;
    this.texts.reasoning.add(text);
    this.openReasoning();
    this.out.event({ type: "reasoning-delta", index: this.reasoning, text });
  }

  /** Adds state of the reasoning, which may have no text. */
  addDetails(details: unknown): void {
    this.details ??= new (rareParts.get().ReasoningDetails)();
    this.details.add(details);
    this.openReasoning();
  }

  addRefusal(text: string): void {
    if (text === "") return;
    this.pieces++;
    this.texts.refusal.add(text);
    if (this.refusal === NONE) {
      this.refusal = this.count++;
      this.out.event({ type: "part-start", index: this.refusal, part: { type: "refusal" } });
    }
    this.out.event({ type: "refusal-delta", index: this.refusal, text });
  }

  addAudio(value: unknown): void {
    const audio = asObject(value);
    if (audio === undefined) return;
    const data = nonEmpty(audio["data"]);
    const transcript = nonEmpty(audio["transcript"]);
    this.audioId ??= nonEmpty(audio["id"]);
    // The fields of a placeholder are empty.
    if (data === undefined && transcript === undefined) return;
    this.pieces++;
    if (this.audio === NONE) {
      this.audio = this.count++;
      const mediaType = rareParts.get().audioTypeOfBytes(data ?? "");
      this.out.event({ type: "part-start", index: this.audio, part: { type: "audio", mediaType } });
    }
    this.out.event({
      type: "media-delta",
      index: this.audio,
      ...defined({ data, transcript }),
    });
  }

  /** Adds complete parts. */
  addWhole(parts: readonly ContentPart[]): void {
    for (const part of parts) {
      this.pieces++;
      this.out.event({ type: "part", index: this.count++, part });
    }
  }

  /** Ends reasoning, unless more of its state may follow. */
  closePlainReasoning(): void {
    if (this.reasoning !== NONE && this.details === undefined) this.closeReasoning();
  }

  /** Ends every part, in their order. */
  close(): void {
    if (this.reasoning !== NONE) this.closeReasoning();
    if (this.text !== NONE) this.closeText();
    if (this.refusal !== NONE) this.end(this.refusal, undefined);
    if (this.audio !== NONE)
      this.end(this.audio, this.audioId === undefined ? undefined : { audio: { id: this.audioId } });
  }

  private openReasoning(): void {
    if (this.reasoning !== NONE) return;
    if (this.text !== NONE && this.details === undefined) this.closeText();
    this.reasoning = this.count++;
    this.out.event({ type: "part-start", index: this.reasoning, part: { type: "reasoning" } });
  }

  private closeReasoning(): void {
    const { details, reasoning, field } = this;
    this.reasoning = NONE;
    const plain = field === undefined ? undefined : fieldState(field);
    this.end(
      reasoning,
      details === undefined || details.empty ? plain : { reasoning_details: details.value },
    );
  }

  private closeText(): void {
    const { text, textState } = this;
    this.text = NONE;
    this.textState = undefined;
    this.end(text, textState);
  }

  private end(index: number, state: JsonObject | undefined): void {
    if (state === undefined) this.out.event({ type: "part-end", index });
    else this.out.event({ type: "part-end", index, origin: this.origin(state) });
  }
}
