import type { AiLibError } from "../../../core/errors/error.js";
import type {
  DeltaEvent,
  MediaDeltaEvent,
  PartEndEvent,
  PartEvent,
  PartHead,
  PartStartEvent,
} from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin, TokenLogprob } from "../../../core/values/message.js";
import { AnswerWriter, type PartRoute } from "../../shared/common/answer-writer.js";
import { streamJson } from "../../shared/common/stream-json.js";
import { TextTemplate } from "../../shared/common/text-template.js";
import { signatureOf } from "../shared/family.js";
import { encodeLogprobs } from "../shared/logprobs.js";
import { errorBody } from "./errors.js";
import { encodePart, endingOf } from "./reply.js";

/** A sound in progress. Each piece is a part of its own on the wire. */
interface Sound {
  readonly mediaType: string;
  /** The latest piece. It is held until the next one arrives, since a signature goes onto the last piece. */
  last: string | undefined;
}

/**
 * Writes an answer as chunks of `streamGenerateContent?alt=sse` (https://ai.google.dev/api/generate-content). There is
 * no marker after the last chunk: the finish reason in it is the end.
 */
export class GeminiStreamEncoder extends AnswerWriter {
  /** Sounds that have begun. */
  private readonly sounds = new Map<number, Sound>();

  private readonly text = new TextTemplate((text) => this.chunkOf({ text }));
  private readonly thought = new TextTemplate((text) => this.chunkOf({ text, thought: true }));

  protected routeOf(head: PartHead): PartRoute {
    switch (head.type) {
      case "text":
      case "refusal":
      case "reasoning":
      case "audio":
        return "pieces";
      case "tool-call":
      case "image":
        return "whole";
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /** Vendor fields go into the part on the wire, which pieces have no place for. */
  protected override keepsWhole(part: ContentPart): boolean {
    return part.extensions?.["gemini"] !== undefined || super.keepsWhole(part);
  }

  /** Every chunk has the id and the model, so that the stream needs no head. */
  protected encodeHead(): void {}

  protected encodePartStart({ index, part }: PartStartEvent): void {
    if (part.type !== "audio") return;
    this.sounds.set(index, { mediaType: part.mediaType ?? "audio/wav", last: undefined });
  }

  protected encodeDelta({ type, text, logprobs }: DeltaEvent): void {
    if (type === "reasoning-delta") this.write({ data: this.thought.json(text) });
    else if (logprobs === undefined) this.write({ data: this.text.json(text) });
    else this.part({ text }, logprobs);
  }

  protected override encodeMediaDelta({ index, data }: MediaDeltaEvent): void {
    const sound = this.sounds.get(index);
    if (sound === undefined || data === undefined || data === "") return;
    this.sound(sound);
    sound.last = data;
  }

  /** A signature follows the text that it signs, on an empty part. */
  protected encodePartEnd({ index, origin }: PartEndEvent, { type }: PartHead): void {
    const sound = this.sounds.get(index);
    if (sound !== undefined) {
      this.sounds.delete(index);
      this.sound(sound, origin);
      return;
    }
    const thoughtSignature = signatureOf(origin);
    if (thoughtSignature !== undefined)
      this.part({ text: "", ...(type === "reasoning" ? { thought: true } : {}), thoughtSignature });
  }

  protected encodePart({ part }: PartEvent): void {
    const wire = encodePart(part);
    if (wire !== undefined) this.part(wire, part.type === "text" ? part.logprobs : undefined);
  }

  protected encodeEnd(response: ChatResponse): void {
    const last = { content: { parts: [{ text: "" }], role: "model" } };
    this.send(endingOf(response, last, this.names));
  }

  protected encodeFailure(error: AiLibError): void {
    this.send(errorBody(error));
  }

  private sound({ mediaType, last }: Sound, origin?: Origin): void {
    if (last === undefined) return;
    const state = origin === undefined ? {} : { origin };
    const wire = encodePart({ type: "audio", mediaType, data: last, ...state });
    if (wire !== undefined) this.part(wire);
  }

  private part(part: JsonObject, logprobs?: readonly TokenLogprob[]): void {
    this.send(this.chunkOf(part, logprobs));
  }

  private chunkOf(part: JsonObject, logprobs?: readonly TokenLogprob[]): JsonObject {
    const candidate: JsonObject = {
      content: { parts: [part], role: "model" },
      index: 0,
      ...(logprobs === undefined ? {} : { logprobsResult: encodeLogprobs(logprobs) }),
    };
    return { candidates: [candidate], modelVersion: this.names.model, responseId: this.names.id };
  }

  private send(chunk: JsonObject): void {
    this.write({ data: streamJson(chunk) });
  }
}
