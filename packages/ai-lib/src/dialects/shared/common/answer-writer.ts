import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { EventSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { draftOf, type PartDraft, partOfDraft } from "../../../core/kinds/chat/fold.js";
import { replayEvents } from "../../../core/kinds/chat/replay.js";
import { functionCallOf } from "../../../core/kinds/chat/text-tools.js";
import {
  type ChatEvent,
  type DeltaEvent,
  isContent,
  type MediaDeltaEvent,
  type PartEndEvent,
  type PartEvent,
  type PartHead,
  type PartStartEvent,
  type RestartEvent,
} from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { ContentPart } from "../../../core/values/message.js";
import type { Usage } from "../../../core/values/usage.js";
import { type AnswerNames, answerNames } from "./answer-names.js";

/**
 * How a stream of the dialect carries a kind of part: `pieces`, as a start, deltas and an end; `whole`, in one piece
 * once it has ended; `omit`, not at all.
 */
export type PartRoute = "pieces" | "whole" | "omit";

/** A part that has begun and not ended. */
interface OpenPart {
  readonly head: PartHead;
  readonly route: PartRoute;
  /** Collects a part that is written whole. */
  readonly draft: PartDraft | undefined;
}

/**
 * Writes an answer as the frames of one stream. This class has what all dialects share; a dialect writes only parts.
 *
 * - Nothing is written before the first content, so that clients do not notice a restart or a failure until then.
 * - A response that comes without content events (a cached or a unary answer) is written whole.
 * - A restart after content is a failure, since no dialect can take back what was sent.
 * - Parts that are still open at the end are ended. After the end, all events are ignored.
 */
export abstract class AnswerWriter implements EventSink {
  /** What the answer is called, as far as it is known. */
  protected names: AnswerNames;
  /** The usage that is known when the stream begins. */
  protected usage: Usage | undefined;
  /** Whether the head of the stream was written. */
  protected begun = false;
  private over = false;
  /** Events before the first content. */
  private preamble: ChatEvent[] = [];
  private readonly open = new Map<number, OpenPart>();
  /** The open part of the latest delta, since most deltas follow one of the same part. */
  private latest: OpenPart | undefined;
  private latestIndex = -1;
  /** Parts follow one another on the wire: a part that begins during a call waits until the call has ended. */
  protected readonly sequential: boolean = false;
  /** The dialect has calls of text tools. Default: they are written as those of functions with one text field. */
  protected readonly textCalls: boolean = false;
  /** The call that other parts wait for. */
  private current: number | undefined;
  /** Events of parts that wait. */
  private waiting: ChatEvent[] = [];

  constructor(
    protected readonly write: (frame: Frame) => void,
    protected readonly facts: ServerFacts,
  ) {
    this.names = answerNames({}, facts);
  }

  event(event: ChatEvent): void {
    if (this.over) return;
    switch (event.type) {
      case "start":
        this.identify(event);
        return;
      case "restart":
        this.restart(event);
        return;
      case "usage":
        if (!this.begun) this.usage = event.usage;
        return;
      case "warning":
        // No dialect has a place for warnings.
        return;
      default:
        if (this.begun) this.writeEvent(event);
        else if (isContent(event)) {
          this.begin();
          for (const held of this.preamble) this.writeEvent(held);
          this.preamble = [];
          this.writeEvent(event);
        } else this.preamble.push(event);
    }
  }

  finish(response: ChatResponse): void {
    if (this.over) return;
    if (!this.begun) {
      this.identify(response);
      this.begin();
      for (const event of replayEvents(response.content, {})) this.event(event);
    }
    // The end of one part may begin others.
    for (let index = firstOf(this.open); index !== undefined; index = firstOf(this.open))
      this.writeEvent({ type: "part-end", index });
    this.encodeEnd(response);
    this.over = true;
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.encodeFailure(error);
  }

  /** How the stream carries a part that begins with `head`. */
  protected abstract routeOf(head: PartHead): PartRoute;

  /** Writes what comes before the first part. */
  protected abstract encodeHead(): void;

  /** Begins a part of the route `pieces`. */
  protected abstract encodePartStart(event: PartStartEvent): void;

  /** Writes more of a part of the route `pieces`; the text is not empty, or has log probabilities. */
  protected abstract encodeDelta(event: DeltaEvent, head: PartHead): void;

  /** Writes more of a medium of the route `pieces`. */
  protected encodeMediaDelta(_event: MediaDeltaEvent): void {}

  /** Ends a part of the route `pieces`. */
  protected abstract encodePartEnd(event: PartEndEvent, head: PartHead): void;

  /** Writes a part in one piece: one of the route `whole`, or one that no events of pieces exist for. */
  protected abstract encodePart(event: PartEvent): void;

  /** Writes the end of the answer, and whatever closes the stream. */
  protected abstract encodeEnd(response: ChatResponse): void;

  /** Writes an error inside the stream, the last thing in it. */
  protected abstract encodeFailure(error: AiLibError): void;

  /** Whether a part that came whole goes to {@link encodePart} as it is, rather than in pieces. */
  protected keepsWhole(part: ContentPart): boolean {
    switch (part.type) {
      case "text":
      case "refusal":
      case "reasoning":
      case "tool-call":
        return this.routeOf(part as PartHead) === "whole";
      case "image":
      case "audio":
      case "file":
      case "source":
      case "compaction":
      case "tool-result":
        return true;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /** Writes the head of the stream, unless it was written. */
  protected begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.encodeHead();
  }

  /** Takes the names of the answer, as long as the head can still hold them. */
  private identify(answer: { id?: string; model?: string; usage?: Usage }): void {
    if (this.begun) return;
    this.names = answerNames(answer, { ...this.facts, ...this.names });
    this.usage = answer.usage ?? this.usage;
  }

  private restart(event: RestartEvent): void {
    if (this.begun) {
      this.fail(restartError());
      return;
    }
    this.preamble = [];
    this.names = answerNames(event, this.facts);
    this.usage = undefined;
  }

  private writeEvent(event: ChatEvent): void {
    if (this.current !== undefined && this.waits(event)) {
      this.waiting.push(event);
      return;
    }
    switch (event.type) {
      case "part-start":
        this.startPart(event);
        break;
      case "text-delta":
      case "reasoning-delta":
      case "refusal-delta":
      case "tool-call-delta":
        if (event.text !== "" || event.logprobs !== undefined) this.writeDelta(event);
        break;
      case "media-delta":
        this.writeMediaDelta(event);
        break;
      case "part-end":
        this.endPart(event);
        break;
      case "part":
        this.writePart(event);
        break;
      case "start":
      case "restart":
      case "usage":
      case "warning":
        break;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  private startPart(event: PartStartEvent): void {
    const { index, part: head } = event;
    const route = this.routeOf(head);
    const asText = head.type === "tool-call" && head.inputEncoding === "text";
    const whole = route === "whole" || (asText && !this.textCalls);
    const draft = whole && route !== "omit" ? draftOf(head) : undefined;
    if (draft !== undefined) draft.origin = event.origin;
    this.open.set(index, { head, route: draft === undefined ? route : "whole", draft });
    this.latestIndex = -1;
    if (route !== "pieces" || draft !== undefined) return;
    if (this.sequential && head.type === "tool-call") this.current = index;
    this.encodePartStart(event);
  }

  /** Whether an event belongs to a part that begins during the current call. */
  private waits(event: ChatEvent): boolean {
    if (!("index" in event) || event.type === "part") return false;
    return event.index !== this.current && (event.type === "part-start" || !this.open.has(event.index));
  }

  private endCurrent(): void {
    this.current = undefined;
    const waiting = this.waiting;
    this.waiting = [];
    for (const event of waiting) this.writeEvent(event);
  }

  private writeDelta(event: DeltaEvent): void {
    if (event.index !== this.latestIndex) {
      this.latestIndex = event.index;
      this.latest = this.open.get(event.index);
    }
    const part = this.latest;
    if (part === undefined || part.route === "omit") return;
    const { draft } = part;
    if (draft === undefined) {
      this.encodeDelta(event, part.head);
      return;
    }
    draft.joined.add(event.text);
    if (event.logprobs !== undefined) draft.logprobs = [...(draft.logprobs ?? []), ...event.logprobs];
  }

  private writeMediaDelta(event: MediaDeltaEvent): void {
    const part = this.open.get(event.index);
    if (part === undefined || part.route === "omit") return;
    const { draft } = part;
    if (draft === undefined) {
      this.encodeMediaDelta(event);
      return;
    }
    if (event.transcript !== undefined) draft.joined.add(event.transcript);
    if (event.data !== undefined) {
      draft.data ??= [];
      draft.data.push(event.data);
    }
  }

  private endPart(event: PartEndEvent): void {
    const { index, origin } = event;
    const part = this.open.get(index);
    if (part === undefined) return;
    this.open.delete(index);
    this.latestIndex = -1;
    const { draft, head, route } = part;
    if (route === "pieces") this.encodePartEnd(event, head);
    if (index === this.current) this.endCurrent();
    if (draft === undefined) return;
    if (origin !== undefined) draft.origin = origin;
    if (event.cut === true) draft.cut = true;
    // Arguments that are not JSON stay text, so that the stream does not refuse an answer that the response will
    // contain.
    const whole: PartEvent = { type: "part", index, part: partOfDraft(draft) };
    if (this.routeOf(head) === "whole") this.encodePart(this.writable(whole));
    else this.writePart(whole);
  }

  /** A part that the dialect can write: the call of a text tool becomes that of a function where it must. */
  private writable(event: PartEvent): PartEvent {
    return this.textCalls ? event : { ...event, part: functionCallOf(event.part) };
  }

  private writePart(given: PartEvent): void {
    const event = this.writable(given);
    const { index, part } = event;
    if (this.keepsWhole(part)) {
      this.encodePart(event);
      return;
    }
    // Marks and vendor fields are for requests. Without them a part is replayed in pieces.
    const { cache: _mark, extensions: _fields, ...plain } = part;
    for (const piece of replayEvents([plain], {})) if ("index" in piece) this.writeEvent({ ...piece, index });
  }
}

function firstOf(open: ReadonlyMap<number, unknown>): number | undefined {
  const [index] = open.keys();
  return index;
}

/** The error of a stream whose answer restarts after a part of it was sent. */
export function restartError(): AiLibError {
  return new AiLibError({
    code: "STREAM_TRUNCATED",
    message: "The answer restarted after a part of it was sent, and a stream cannot take that back",
  });
}
