import { AiLibError } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import type { StartEvent, WarningEvent } from "../values/chat-event.js";
import type { EndOf, EventOf, ReplyOf, ResponseOf } from "../values/kinds.js";
import { LIMITS } from "../values/limits.js";
import type { Accumulator, KindLaws, ReplyFrame } from "./laws.js";

/** The kinds besides chat that stream. */
export type StreamedKind = "speak" | "transcribe" | "image";

/** The events of a kind that bring content. */
export type ContentOf<K extends StreamedKind> = Exclude<EventOf<K>, StartEvent | WarningEvent>;

/** Collects the content of one stream. */
export interface ReplyDraft<K extends StreamedKind> {
  /** Adds an event. @returns how many characters it added */
  add(event: ContentOf<K>): number;
  /** The collected reply; undefined if nothing was collected and the end is not known. */
  reply(end: EndOf<K> | undefined): ReplyOf<K> | undefined;
}

/** What a streamed kind has of its own. */
interface StreamedParts<K extends StreamedKind> {
  draft(): ReplyDraft<K>;
  respond: KindLaws<K>["respond"];
  /** The content of a whole answer, as events. */
  content(answer: ReplyOf<K> | ResponseOf<K>): readonly ContentOf<K>[];
}

type Streaming<K extends StreamedKind> = Pick<
  KindLaws<K>,
  "isContent" | "isNotice" | "accumulate" | "start" | "warning" | "replay"
>;

/** The rules that are the same for every kind with unary and streamed answers. */
export function streamed<K extends StreamedKind>({
  draft,
  respond,
  content,
}: StreamedParts<K>): Streaming<K> {
  return {
    isContent: ({ type }) => type !== "start" && type !== "warning",
    isNotice: ({ type }) => type === "warning",
    accumulate: () => new StreamFold(draft(), respond),
    start: (facts) => ({ type: "start", ...facts }) satisfies StartEvent as EventOf<K>,
    warning: (warning) => ({ type: "warning", warning }) satisfies WarningEvent as EventOf<K>,
    replay: (answer) => content(answer) as readonly EventOf<K>[],
  };
}

/** The size that each event adds to an answer besides its content. */
const EVENT_SIZE = 48;

/** Builds the response of a stream: collects a whole reply from its events. */
class StreamFold<K extends StreamedKind> implements Accumulator<K> {
  readonly warnings: Warning[] = [];
  /** @see Accumulator.size */
  size = 0;
  private id: string | undefined;
  private model: string | undefined;

  constructor(
    private readonly draft: ReplyDraft<K>,
    private readonly respond: KindLaws<K>["respond"],
  ) {}

  add(event: EventOf<K>): void {
    if (event.type === "start") {
      this.id = event.id ?? this.id;
      this.model = event.model ?? this.model;
    } else if (event.type === "warning") {
      if (this.warnings.length < LIMITS.warnings) this.warnings.push(event.warning);
    } else this.grow(EVENT_SIZE + this.draft.add(event as ContentOf<K>));
  }

  closing(): readonly EventOf<K>[] {
    return [];
  }

  build(end: EndOf<K>, frame: ReplyFrame): ResponseOf<K> {
    const reply = this.draft.reply(end);
    if (reply === undefined)
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: `${frame.provider} returned an empty stream`,
      });
    return this.respond(this.named(reply), this.warnings, frame);
  }

  partial(frame: ReplyFrame): ResponseOf<K> | undefined {
    const reply = this.draft.reply(undefined);
    return reply === undefined ? undefined : this.respond(this.named(reply), this.warnings, frame);
  }

  /** The reply with the facts from the start of the stream. */
  private named(reply: ReplyOf<K>): ReplyOf<K> {
    const { id, model } = this;
    return {
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(reply as object),
    } as ReplyOf<K>;
  }

  /** @throws {AiLibError} `INVALID_RESPONSE` for an answer without end. */
  private grow(characters: number): void {
    this.size += characters;
    if (this.size > LIMITS.answerSize)
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: `The answer exceeded ${LIMITS.answerSize} characters and was stopped`,
      });
  }
}
