import type { AiLibError } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import type { Attempt } from "../values/attempt.js";
import type { EndOf, EventOf, Kind, ReplyOf, RequestOf, ResponseOf } from "../values/kinds.js";
import type { Modality } from "../values/model.js";
import type { KnownVoices, VoiceTable } from "../values/speech.js";
import type { Usage } from "../values/usage.js";

/** Tokens that a call is expected to use. Estimates, not measurements. */
export interface TokenEstimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Units that may be billed besides tokens. Default: none. */
  readonly units?: NonNullable<Usage["units"]>;
}

/** What a call asks of a model. */
export interface Requirements {
  readonly input: ReadonlySet<Modality>;
  readonly output: ReadonlySet<Modality>;
  readonly tools: boolean;
  readonly structuredOutput: boolean;
  readonly reasoning: boolean;
}

/** A file that was fetched for a reply. */
export interface FetchedFile {
  /** Base64. */
  readonly data: string;
  readonly mediaType: string;
}

/** The facts of the target of a request that a kind uses. */
export interface RequestTarget {
  /** The id of the provider. */
  readonly provider: string;
  /** The model that is asked; never empty. */
  readonly model: string;
  /** The known voices of the endpoint, if it has speech. */
  readonly voices?: KnownVoices;
  /** The caller's own names for voices of the endpoint. */
  readonly voiceNames?: VoiceTable;
}

/** Facts of the call that surround a reply. */
export interface ReplyFrame {
  /** The provider id that answers. */
  readonly provider: string;
  /** The model asked for, where the reply names none. */
  readonly model: string;
  /** Id of the response where the provider gave none. */
  readonly id: string;
  readonly attempts: readonly Attempt[];
  /** Input tokens where the provider reported no usage. */
  estimateInput(): number;
}

/** Builds a response from the events of one stream. One is made for each attempt. */
export interface Accumulator<K extends Kind> {
  /** Warnings so far, in order. */
  readonly warnings: readonly Warning[];
  /** The usage that is known before the end, for an attempt that ends without content. Default: an estimate. */
  readonly usage?: Usage | undefined;
  /**
   * Size of what has been added, which shows which frames have content: see `LIMITS.heldCharacters`.
   * Default: 0, so that every frame counts as one without content.
   */
  readonly size?: number;
  /**
   * Adds one event.
   * @throws {AiLibError} `INVALID_RESPONSE` for an event that breaks the rules of the kind.
   */
  add(event: EventOf<K>): void;
  /** Events that close the parts that have not ended. */
  closing(): readonly EventOf<K>[];
  /**
   * The response, once the decoder has reported how the stream ended.
   * @throws {AiLibError} `INVALID_RESPONSE` where the content cannot be whole.
   */
  build(end: EndOf<K>, frame: ReplyFrame): ResponseOf<K>;
  /** The content so far, marked as incomplete; undefined before any content. */
  partial(frame: ReplyFrame): ResponseOf<K> | undefined;
}

/** Joins a new answer to the delivered content of the previous one; see {@link Recovery.delivered}. */
export interface Splice<K extends Kind> {
  /**
   * The part of an event that was not delivered yet, as events that continue the delivered ones; `"differs"` if the
   * answers differ.
   */
  rest(event: EventOf<K>): readonly EventOf<K>[] | "differs";
  /** Whether the new answer contains all delivered content. */
  complete(): boolean;
  /** The events that are still due at the end of the new answer. */
  closing(): readonly EventOf<K>[];
  /** The new response, whole or partial, with all delivered content. */
  respond(response: ResponseOf<K>): ResponseOf<K>;
}

/** The delivered content of an answer, for `midStream: "splice"` and `"continue"`. */
export interface DeliveredContent<K extends Kind> {
  add(event: EventOf<K>): void;
  /** Begins the comparison with an answer that repeats the delivered content. */
  splicer(): Splice<K>;
  /** The request for the rest of the answer; undefined if the delivered content cannot be continued. */
  requestRest(request: RequestOf<K>): RequestOf<K> | undefined;
  /** Joins the answer to {@link requestRest}. */
  continuation(): Splice<K>;
}

/** How a stream of a kind recovers after the caller has received content. Without it, the stream always fails then. */
export interface Recovery<K extends Kind> {
  /** The event that opens an answer; the second one of a call is dropped. */
  isStart(event: EventOf<K>): boolean;
  /** The event that discards the previous content, made from the preamble of the new answer. */
  restart(preamble: readonly EventOf<K>[]): EventOf<K>;
  /** Begins to record what is delivered. */
  delivered(request: RequestOf<K>): DeliveredContent<K>;
}

/**
 * The rules of one kind of call. Every call has those of its kind, so strategies, wrappers, limits, prices and
 * observers work for every kind, including your own. All functions are pure and synchronous.
 */
export interface KindLaws<K extends Kind = Kind> {
  readonly kind: K;
  /** The same call may be sent twice at the same time without harm: hedging is allowed. */
  readonly idempotent: boolean;
  /**
   * Checks a request before anything is sent.
   * @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change.
   */
  validate(request: RequestOf<K>): void;
  /**
   * Loads code that an attempt with a request needs; undefined where nothing is missing. The attempt begins after that.
   * Default: nothing is loaded.
   */
  load?(request: RequestOf<K>, mode: "unary" | "stream"): Promise<void> | undefined;
  /** Tokens that the request is expected to use. */
  estimate(request: RequestOf<K>): TokenEstimate;
  /** What the request asks of a model. */
  requirements(request: RequestOf<K>): Requirements;
  /**
   * A text of at most `limit` characters that requests share when the same cache can serve them. Default: none, so that
   * sticky routing uses only the session.
   */
  affinity?(request: RequestOf<K>, limit: number): string;
  /** Whether an event is content, after which a retry is no longer invisible. */
  isContent(event: EventOf<K>): boolean;
  /**
   * Whether an event without content, such as a warning or an empty delta, can be dropped. A preamble that is too long
   * drops such events. Default: no event.
   */
  isNotice?(event: EventOf<K>): boolean;
  /** Characters that an event holds while it waits before the first content, roughly. Default: 64 for each. */
  sizeOf?(event: EventOf<K>): number;
  /** Begins to collect the events of one stream. Not called for a kind that does not stream. */
  accumulate(): Accumulator<K>;
  /** The response of a complete reply. `warnings` are those of the attempt, including the reply's own. */
  respond(reply: ReplyOf<K>, warnings: readonly Warning[], frame: ReplyFrame): ResponseOf<K>;
  /**
   * The answer for the caller of this request, if it differs from that of the provider. Default: the provider's answer.
   */
  refine?(response: ResponseOf<K>, request: RequestOf<K>): ResponseOf<K>;
  /**
   * The request for one target, if it depends on the target. Default: the request itself.
   * @param warnings receives a warning for each field that is changed or left out for this target
   */
  forTarget?(request: RequestOf<K>, target: RequestTarget, warnings: Warning[]): RequestOf<K>;
  /**
   * The error of a provider that refused a request, with what the caller can do about it where its words show the field
   * that it is about. Default: the classified error of the provider.
   */
  explain?(error: AiLibError, request: RequestOf<K>, target: RequestTarget): AiLibError;
  /** Whether a request asks for the bytes of files that a vendor returns as URLs, which expire. Default: no. */
  wantsFiles?(request: RequestOf<K>): boolean;
  /** The URLs of the files of a reply. The endpoint fetches them, without the key, before a call that wants them ends. */
  files?(reply: ReplyOf<K>): readonly string[];
  /** The reply with files in place of their URLs; `undefined` for one that could not be fetched. */
  withFiles?(reply: ReplyOf<K>, files: readonly (FetchedFile | undefined)[]): ReplyOf<K>;
  /** Fields of a request that only a stream supports. Default: none. */
  readonly streamFields?: readonly string[];
  /** Warnings that a whole reply brings. */
  warningsOf(reply: ReplyOf<K>): readonly Warning[];
  /**
   * Whether a response is the whole answer, which may be given again: it was not cut by a limit, filtered or paused.
   * Default: every response is.
   */
  isComplete?(response: ResponseOf<K>): boolean;
  /**
   * The reason to doubt that a stream with such an ending is complete, as a sentence about its provider: a warning, and
   * an error for strict calls. Default: none.
   */
  doubtIn?(end: EndOf<K>): string | undefined;
  /** The event that opens a stream, where the kind has one. */
  start?(facts: { readonly provider: string; readonly model?: string; readonly id?: string }): EventOf<K>;
  /** The event of a warning, if the kind has one. */
  warning?(warning: Warning): EventOf<K>;
  /**
   * The events of a whole reply or response, in order and without the ending: a stream of it looks like one
   * that a provider sent. None for a kind that does not stream.
   */
  replay(answer: ReplyOf<K> | ResponseOf<K>, provider?: string): readonly EventOf<K>[];
  readonly recovery?: Recovery<K>;
  /** A small, plausible reply to a request, the same one for the same request: the default answer in tests. */
  sample?(request: RequestOf<K>): ReplyOf<K>;
}
