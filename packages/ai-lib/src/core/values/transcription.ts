import type { AnswerFacts } from "./answer.js";
import type { StartEvent, WarningEvent } from "./chat-event.js";
import type { Extensions } from "./message.js";

/** Sound to read: bytes as base64, or a URL that the provider fetches itself, where it can. */
export interface SoundSource {
  /** Base64. */
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  /** IANA media type, such as `"audio/mpeg"`. */
  readonly mediaType?: string | undefined;
  /** Name of the file; some vendors recognize the format by its ending. */
  readonly name?: string | undefined;
}

/** The units of text that have times. */
export type TimestampLevel = "segment" | "word";

/** A request for a transcript of speech. Plain JSON. */
export interface TranscribeRequest {
  /** Model id of the target. Absent, `""` or `"auto"`: the target's default. */
  readonly model?: string | undefined;
  readonly audio: SoundSource;
  /** The spoken language, as an ISO 639-1 code such as `"en"`. Default: the model detects it. */
  readonly language?: string | undefined;
  /** Text that helps the model: names, spellings, the preceding text. */
  readonly prompt?: string | undefined;
  /** Times of segments, of words, or of both, if the target reports them. Default: none is asked for. */
  readonly timestamps?: readonly TimestampLevel[] | undefined;
  /** Identifies the speakers. Default false. */
  readonly speakers?: boolean | undefined;
  /** Translates the text into English. Default false. */
  readonly translate?: boolean | undefined;
  /** Vendor fields; see {@link Extensions}. */
  readonly extensions?: Extensions | undefined;
}

/** A stretch of speech. Times are seconds from the beginning. */
export interface SpokenSegment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The speaker, by the vendor's name. */
  readonly speaker?: string;
}

/** What a provider returns for a {@link TranscribeRequest}, before the facts of the call are added. */
export interface TranscribeReply {
  readonly text: string;
  readonly language?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly billedSeconds?: number | undefined;
  readonly segments?: readonly SpokenSegment[] | undefined;
  readonly words?: readonly SpokenSegment[] | undefined;
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
  readonly warnings?: AnswerFacts["warnings"] | undefined;
}

/** The next piece of the text. */
export interface TranscriptDeltaEvent {
  readonly type: "text-delta";
  readonly text: string;
}

/** A stretch of speech with its times. A model that identifies speakers may send only these, without deltas. */
export interface TranscriptSegmentEvent {
  readonly type: "segment";
  readonly segment: SpokenSegment;
}

/** What a stream of a transcript yields. */
export type TranscribeEvent = StartEvent | TranscriptDeltaEvent | TranscriptSegmentEvent | WarningEvent;

/** What is known of a transcript when its stream ends. `text` replaces the deltas, where the provider repeats it. */
export type TranscribeEnd = Partial<Omit<TranscribeReply, "warnings">>;

/** The transcript. Plain JSON. */
export interface TranscribeResponse extends AnswerFacts {
  readonly text: string;
  /** As the vendor names it: `"en"`, `"eng"` and `"english"` all occur. */
  readonly language?: string;
  /** Length of the sound in seconds, if the vendor reports it. */
  readonly durationSeconds?: number;
  /** Seconds that are billed, where the vendor bills those and not tokens. */
  readonly billedSeconds?: number;
  /** Absent if the vendor reports no times. */
  readonly segments?: readonly SpokenSegment[];
  /** Words that are spoken: no spaces, no punctuation of its own, no events. Absent if the vendor reports none. */
  readonly words?: readonly SpokenSegment[];
}
