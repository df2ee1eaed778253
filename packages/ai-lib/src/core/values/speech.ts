import type { AnswerFacts } from "./answer.js";
import type { StartEvent, WarningEvent } from "./chat-event.js";
import type { Extensions } from "./message.js";

/** Formats of sound. `pcm` is raw: 16 bits, little-endian, one channel. */
export type SoundFormat = "mp3" | "wav" | "opus" | "aac" | "flac" | "pcm";

/**
 * One voice for each target of a chain, by the id of the provider, or by `provider/model` where a model has voices of
 * its own: `{ openai: "nova", elevenlabs: "JBFqnCBsd6RMkjVDRZzb" }`. A target that is not in the table uses its default
 * voice, and the answer has a warning.
 */
export type VoiceTable = Readonly<Record<string, string>>;

/** A voice of a provider. */
export interface VoiceInfo {
  /** The name or id for requests. */
  readonly id: string;
  readonly provider: string;
  /** A name for people, where it is not the id. */
  readonly name?: string;
  /** The models that have it, as ids in which `*` matches any text. Absent: every model with speech. */
  readonly models?: readonly string[];
  /** As the vendor writes them. */
  readonly languages?: readonly string[];
  readonly description?: string;
}

/** Voices of some models. */
export interface VoiceList {
  /** The voice of a request that names none, where the API needs one. */
  readonly default?: string;
  readonly names: readonly string[];
}

/** The voices of an endpoint that the provider's data lists. */
export interface KnownVoices extends VoiceList {
  /** Accounts can have voices besides these. Default: false. */
  readonly more?: boolean;
  /** Models with other voices; the first match counts. `*` matches any text. */
  readonly byModel?: readonly (VoiceList & { readonly match: readonly string[] })[];
}

/** A request to read a text aloud. Plain JSON. */
export interface SpeakRequest {
  /** Model id of the target. Absent, `""` or `"auto"`: the target's default. */
  readonly model?: string | undefined;
  readonly text: string;
  /**
   * A voice by the name or id that the target has for it, or by a name of your own, which the option `voices` of a
   * provider defines. No voice exists at two vendors: a {@link VoiceTable} names one for each. Default: the target's.
   */
  readonly voice?: string | VoiceTable | undefined;
  /** Default: the target's, which is `mp3` at most vendors. */
  readonly format?: SoundFormat | undefined;
  /** 1 is the voice's own speed. */
  readonly speed?: number | undefined;
  /** Instructions for the voice, if the model accepts them. */
  readonly instructions?: string | undefined;
  /** The language of the text, as an ISO 639-1 code. Default: the model detects it. */
  readonly language?: string | undefined;
  /** Vendor fields; see {@link Extensions}. */
  readonly extensions?: Extensions | undefined;
}

/** Sound, as base64. */
export interface Sound {
  readonly data: string;
  /** IANA media type, such as `"audio/mpeg"`; raw samples have `"audio/pcm"`. */
  readonly mediaType: string;
}

/** What a provider returns for a {@link SpeakRequest}, before the facts of the call are added. */
export interface SpeakReply {
  readonly audio: Sound;
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
  readonly warnings?: AnswerFacts["warnings"] | undefined;
}

/** A piece of sound. The bytes of all pieces, in order, are the sound of the answer. */
export interface AudioDeltaEvent {
  readonly type: "audio-delta";
  /** Base64 of the piece; pieces are decoded one by one, and their bytes joined. */
  readonly data: string;
  /** The media type of the whole sound; the same one in every piece. */
  readonly mediaType: string;
}

/** What a stream of speech yields. */
export type SpeakEvent = StartEvent | AudioDeltaEvent | WarningEvent;

/** What is known of an answer when its stream ends. */
export interface SpeakEnd {
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
}

/** A text that was read aloud. Plain JSON. */
export interface SpeakResponse extends AnswerFacts {
  readonly audio: Sound;
}
