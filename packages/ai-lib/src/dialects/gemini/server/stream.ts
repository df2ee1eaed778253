import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { EventSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { joinBase64 } from "../../../core/kinds/chat/fold.js";
import type { ChatEvent, PartHead } from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { asObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { ContentPart, Origin, TokenLogprob } from "../../../core/values/message.js";
import { signatureOf } from "../shared/family.js";
import { encodeLogprobs } from "../shared/logprobs.js";
import { encodeError } from "./errors.js";
import { encodePart, endingOf, type ReplyNames } from "./reply.js";

/** A part that is being written. Calls and media go out whole, since the dialect has no pieces of them. */
interface Draft {
  readonly head: PartHead;
  text: string;
  data: string[];
}

/**
 * Writes an answer as chunks of `streamGenerateContent?alt=sse`. There is no marker after the last chunk: the
 * finish reason in it is the end.
 */
export class GeminiEncoder implements EventSink {
  private names: ReplyNames;
  private readonly drafts = new Map<number, Draft>();
  private over = false;

  constructor(
    private readonly write: (frame: Frame) => void,
    facts: ServerFacts,
  ) {
    this.names = { id: facts.id, model: facts.model };
  }

  event(event: ChatEvent): void {
    if (this.over) return;
    switch (event.type) {
      case "start":
        this.names = { id: event.id ?? this.names.id, model: event.model ?? this.names.model };
        break;
      case "part-start":
        this.drafts.set(event.index, { head: event.part, text: "", data: [] });
        break;
      case "text-delta":
      case "refusal-delta":
        this.text(event.text, event.logprobs);
        break;
      case "reasoning-delta":
        if (event.text !== "") this.part({ text: event.text, thought: true });
        break;
      case "tool-call-delta": {
        const draft = this.drafts.get(event.index);
        if (draft !== undefined) draft.text += event.text;
        break;
      }
      case "media-delta": {
        if (event.data !== undefined) this.drafts.get(event.index)?.data.push(event.data);
        break;
      }
      case "part-end":
        this.endPart(event.index, event.origin);
        break;
      case "part":
        this.whole(event.part);
        break;
      case "restart":
        // What was written cannot be taken back, and an answer said twice is none.
        this.fail(
          new AiLibError({
            code: "PROVIDER_ERROR",
            message: "The answer began anew, which a stream cannot say",
          }),
        );
        break;
      case "warning":
        break;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  finish(response: ChatResponse): void {
    if (this.over) return;
    this.over = true;
    this.send(endingOf(response, { content: { parts: [{ text: "" }], role: "model" } }, this.names));
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.send(encodeError(error).body);
  }

  private text(text: string, logprobs: readonly TokenLogprob[] | undefined): void {
    if (text === "") return;
    this.part({ text }, logprobs);
  }

  private endPart(index: number, origin: Origin | undefined): void {
    const draft = this.drafts.get(index);
    if (draft === undefined) return;
    this.drafts.delete(index);
    const { head } = draft;
    const state = origin === undefined ? {} : { origin };
    switch (head.type) {
      case "text":
      case "refusal":
      case "reasoning": {
        const thoughtSignature = signatureOf(origin);
        if (thoughtSignature === undefined) break;
        this.part({ text: "", ...(head.type === "reasoning" ? { thought: true } : {}), thoughtSignature });
        break;
      }
      case "tool-call":
        this.whole({
          type: "tool-call",
          id: head.id,
          name: head.name,
          arguments: asObject(tryParse(draft.text)) ?? {},
          ...(head.executedBy === undefined ? {} : { executedBy: head.executedBy }),
          ...state,
        });
        break;
      case "image":
        this.whole({ type: "image", mediaType: head.mediaType, data: joinBase64(draft.data), ...state });
        break;
      case "audio":
        draft.data.forEach((data, place) => {
          const last = place === draft.data.length - 1;
          const mediaType = head.mediaType ?? "audio/wav";
          this.whole({ type: "audio", mediaType, data, ...(last ? state : {}) });
        });
        break;
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private whole(part: ContentPart): void {
    const wire = encodePart(part);
    if (wire === undefined) return;
    const logprobs = part.type === "text" ? part.logprobs : undefined;
    this.part(wire, logprobs);
  }

  private part(part: JsonObject, logprobs?: readonly TokenLogprob[]): void {
    const told = logprobs === undefined ? {} : { logprobsResult: encodeLogprobs(logprobs) };
    this.candidate({ content: { parts: [part], role: "model" }, index: 0, ...told });
  }

  private candidate(candidate: JsonObject): void {
    this.send({ candidates: [candidate], modelVersion: this.names.model, responseId: this.names.id });
  }

  private send(chunk: JsonObject): void {
    this.write({ data: JSON.stringify(chunk) });
  }
}
