import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { PartHead } from "../../../core/values/chat-event.js";
import { JoinedText } from "../../../core/values/joined-text.js";
import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin, TokenLogprob } from "../../../core/values/message.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import { originOf } from "../../shared/common/opaque-state.js";
import type { PlacedText } from "../shared/citations.js";
import { CODE_EXECUTION, FAMILY, SKIP_SIGNATURE, syntheticId } from "../shared/family.js";
import { decodeMedia } from "../shared/media.js";
import { ExecutedTools } from "./executed-tools.js";
import { PartialArgs } from "./stream-calls.js";

/** The open part: deltas of its kind belong to it. */
interface OpenPart {
  readonly kind: "text" | "reasoning" | "audio" | "call";
  readonly index: number;
  /** The media type of an audio part. */
  readonly mediaType?: string;
  /** The arguments of a call that arrive in pieces. */
  readonly args?: PartialArgs;
  readonly signature?: string | undefined;
}

/** Turns the parts of an answer's chunks into events: text is joined across chunks, any other part is complete. */
export class PartsDecoder {
  /** The id and model of the reply, once known, for ids and state. */
  reply: { readonly id: string | undefined; readonly model: string | undefined } = {
    id: undefined,
    model: undefined,
  };
  /** The text of the answer by part, for the places of citations. */
  readonly texts: PlacedText[] = [];
  /** The last part was code to run, and its output has not arrived. */
  awaitsResult = false;
  /** There is a call for the caller. */
  called = false;
  private count = 0;
  private open: OpenPart | undefined;
  private readonly tools = new ExecutedTools();

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {}

  /** The arguments of a call are arriving in pieces. */
  get inCall(): boolean {
    return this.open?.args !== undefined;
  }

  /**
   * Decodes one part.
   * @returns whether it has content: an empty text, or a signature alone, has none.
   */
  decode(part: JsonObject, logprobs: readonly TokenLogprob[] | undefined): boolean {
    const { text } = part;
    const signature = asString(part["thoughtSignature"]);
    if (typeof text === "string") {
      if (text !== "" || signature !== undefined)
        this.words(text, part["thought"] === true, signature, logprobs);
      return text !== "";
    }
    const call = asObject(part["functionCall"]);
    if (call !== undefined) return this.call(call, signature);
    if (isObject(part["inlineData"]) || isObject(part["fileData"])) return this.media(part, signature);
    const found = this.tools.decode(part, () => syntheticId(this.reply.id, this.count));
    if (found === undefined) {
      // An unknown part is skipped, but a signature on it must be sent back.
      if (signature !== undefined) this.words("", part["thought"] === true, signature, undefined);
      return false;
    }
    this.whole(found, signature);
    this.awaitsResult = found.type === "tool-call" && found.name === CODE_EXECUTION;
    return true;
  }

  /** Ends the open part. @param cut the token limit cut it: the arguments of a call stay incomplete. */
  close(cut: boolean, signature = this.open?.signature): void {
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

  /** Emits a complete part. */
  whole(part: ContentPart, signature?: string): void {
    this.close(false);
    const origin = this.originOf(signature);
    this.out.event({
      type: "part",
      index: this.count,
      part: origin === undefined ? part : { ...part, origin },
    });
    this.count++;
  }

  /** Adds text or thinking to the open part of its kind; a signature ends it. */
  words(
    text: string,
    thought: boolean,
    signature: string | undefined,
    logprobs: readonly TokenLogprob[] | undefined,
  ): void {
    const kind = thought ? "reasoning" : "text";
    // A signature without text belongs to the text before it.
    if (this.open?.kind !== kind) this.begin({ kind, index: this.count }, { type: kind });
    const index = this.count - 1;
    if (text !== "") {
      if (thought) this.out.event({ type: "reasoning-delta", index, text });
      else {
        this.texts[this.texts.length - 1]?.joined.add(text);
        this.out.event(
          logprobs === undefined
            ? { type: "text-delta", index, text }
            : { type: "text-delta", index, text, logprobs },
        );
      }
    }
    // A signature covers the text before it, so the text behind it is another part.
    if (signature !== undefined) this.close(false, signature);
  }

  private begin(open: OpenPart, head: PartHead): void {
    this.close(false);
    this.open = open;
    if (open.kind === "text") this.texts.push({ index: open.index, joined: new JoinedText() });
    this.count++;
    const origin = this.originOf(open.signature);
    this.out.event(
      origin === undefined
        ? { type: "part-start", index: open.index, part: head }
        : { type: "part-start", index: open.index, part: head, origin },
    );
  }

  /** @returns whether the part is a call: one without a name continues the open one, or is a placeholder. */
  private call(call: JsonObject, signature: string | undefined): boolean {
    const name = asString(call["name"]) ?? "";
    const partials = asArray(call["partialArgs"]);
    const goesOn = call["willContinue"] === true;
    if (name === "") {
      const { open } = this;
      if (open?.args === undefined) {
        warnNameless(wholeArguments(call["args"]), (warning) => this.out.event({ type: "warning", warning }));
        return false;
      }
      this.arguments(open.index, open.args.add(partials));
      if (!goesOn) this.close(false);
      return true;
    }
    const index = this.count;
    this.called = true;
    const id = asString(call["id"]) ?? "";
    const args = goesOn || partials.length > 0 ? new PartialArgs() : undefined;
    this.begin(
      { kind: "call", index, signature, ...(args === undefined ? {} : { args }) },
      { type: "tool-call", id: id === "" ? syntheticId(this.reply.id, index) : id, name },
    );
    this.arguments(index, args === undefined ? wholeArguments(call["args"]) : args.add(partials));
    if (!goesOn) this.close(false);
    return true;
  }

  private arguments(index: number, text: string): void {
    if (text !== "") this.out.event({ type: "tool-call-delta", index, text });
  }

  private media(part: JsonObject, signature: string | undefined): boolean {
    const media = decodeMedia(part);
    if (media === undefined) return false;
    if (part["thought"] === true) {
      // Drafts of image models are thoughts, not part of the answer.
      const message = "A draft image of the model's thinking was left out";
      this.out.event({ type: "warning", warning: { code: "other", message } });
      return true;
    }
    if (media.type !== "audio" || media.data === undefined) {
      this.whole(media, signature);
      return true;
    }
    // The pieces of speech are one sound.
    if (this.open?.kind !== "audio" || this.open.mediaType !== media.mediaType) {
      const mediaType = media.mediaType ?? "";
      this.begin({ kind: "audio", index: this.count, mediaType }, { type: "audio", mediaType });
    }
    this.out.event({ type: "media-delta", index: this.count - 1, data: media.data });
    if (signature !== undefined) this.close(false, signature);
    return true;
  }

  private originOf(signature: string | undefined): Origin | undefined {
    if (signature === undefined || signature === "" || signature === SKIP_SIGNATURE) return undefined;
    return originOf(this.target, FAMILY, { thoughtSignature: signature }, this.reply.model, true);
  }
}

/** Complete arguments as text; empty for a call without arguments. */
function wholeArguments(args: unknown): string {
  if (args === undefined || args === null) return "";
  if (typeof args === "string") return args;
  return isObject(args) && Object.keys(args).length === 0 ? "" : JSON.stringify(args);
}
