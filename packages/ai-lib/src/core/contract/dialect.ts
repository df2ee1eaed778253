import type { AiLibError } from "../errors/error.js";
import type { KindLaws } from "../kinds/laws.js";
import type { Warning } from "../values/answer.js";
import type { ChatRequest } from "../values/chat-request.js";
import type { ChatResponse, Reply } from "../values/chat-response.js";
import type { JsonObject } from "../values/json.js";
import type { Kind, ReplyOf, RequestOf, ResponseOf } from "../values/kinds.js";
import type { ModelInfo } from "../values/model.js";
import type { NameForm } from "../values/name-form.js";
import type { KnownVoices, VoiceInfo, VoiceTable } from "../values/speech.js";
import type { EventSink, PartSink, Sink } from "./sink.js";
import type { Frame, Framing, HttpReply, HttpRequest, ServedFraming } from "./transport.js";

/** The wire formats this library speaks. */
export type DialectId =
  | "openai-chat"
  | "openai-responses"
  | "anthropic-messages"
  | "gemini"
  | "mistral-chat"
  | "cohere-chat"
  | "bedrock-converse"
  | "ollama-chat";

/** Named deviations of one endpoint from its dialect; each dialect documents its own in `quirks.ts`. */
export type Quirks = Readonly<Record<string, unknown>>;

/** The facts of the endpoint that a dialect writes for. */
export interface DialectTarget {
  /** Provider id; the key of `extensions` and `rateLimits` and the provider named in errors. */
  readonly provider: string;
  /** The model to ask for; never empty. */
  readonly model: string;
  readonly quirks: Quirks;
  /** The account that opaque state is bound to, where the provider binds it. */
  readonly account?: string;
  /** Epoch milliseconds when the reply arrived, for relative times in headers and bodies. */
  readonly now: number;
  /** Voices that the endpoint is known to have; for speech alone. */
  readonly voices?: KnownVoices;
  /** The caller's own names for voices of the endpoint; for speech alone. */
  readonly voiceNames?: VoiceTable;
  /**
   * Masks the secrets of the request in text of its reply. A dialect calls it before it cuts such text for an error or a
   * warning. Absent for requests without secrets.
   */
  readonly redact?: (text: string) => string;
}

/** A request on the wire, and warnings about fields that it cannot express. */
export interface Encoded {
  readonly http: HttpRequest;
  readonly warnings: readonly Warning[];
}

/** Frames of a stream that differ in one text alone, as a decoder has learned them from one of them. */
export interface TextFrames {
  /** What stands before the text in the data of each frame; it ends with the quote before the text. */
  readonly head: string;
  /** What stands behind the text; it begins with the quote behind it. */
  readonly tail: string;
  /** The value of a text as JSON has it, without the quotes; undefined for one that a parser must read. */
  read(raw: string): string | undefined;
}

/** Reads the frames of one stream. Never keeps more than the current parts. */
export interface StreamDecoder {
  /** Takes one frame. May end the sink; frames after the ending are ignored. */
  frame(frame: Frame): void;
  /**
   * The body is over. Ends the sink if it has not ended: with facts where the dialect's terminator was received,
   * else with `STREAM_TRUNCATED`.
   */
  end(): void;
  /**
   * What is known of the ending before the terminator: `reason` once the finish reason has arrived, `whole` once the
   * usage has as well. A connection that stays open after it is not waited for. Absent where a dialect's terminator
   * is the only sign.
   */
  readonly finished?: "reason" | "whole" | undefined;
  /** Ends the sink with the facts so far. Called only once `finished` says that the answer is there. */
  settle?(): void;
  /**
   * Frames that add text and nothing else, as far as they are known: their texts may go to {@link addText} in place of
   * the frames to {@link frame}. Undefined where every frame must go there.
   */
  readonly textFrames?: TextFrames | undefined;
  /** Takes the text of such a frame, or of several that follow one another. */
  addText?(text: string): void;
}

/** How a dialect encodes a unary kind other than chat: one request, one reply. Pure, as {@link ClientHalf} is. */
export interface KindCodec<K extends Kind> {
  /** @throws {AiLibError} `UNSUPPORTED_FEATURE` or `INVALID_REQUEST` where no body could say it. */
  encode(request: RequestOf<K>, target: DialectTarget): Encoded;
  /** @throws {AiLibError} for an error inside a 200, and `INVALID_RESPONSE` for any other malformed reply. */
  decode(reply: HttpReply, target: DialectTarget, request: RequestOf<K>): ReplyOf<K>;
  /** How to split a request that is larger than the endpoint accepts. Absent: no request is split. */
  readonly pieces?: Pieces<K>;
  /** How the API streams. Absent: an answer comes whole, also where a stream was asked for. */
  readonly stream?: KindStreamCodec<K>;
  /** How the API lists the voices of an account. Of the kind `speak` alone. */
  readonly voices?: VoiceListCodec;
  /** How to poll the API's jobs, if `encode` starts one. Absent: the reply is the answer. */
  readonly job?: JobCodec<K>;
}

/** One page of a list of voices. */
export interface VoicePage {
  readonly voices: readonly VoiceInfo[];
  /** Where the next page begins; absent for the last one. */
  readonly next?: string | undefined;
}

/** How an API lists the voices of an account. Pure, as codecs are. */
export interface VoiceListCodec {
  /** @param after what {@link decode} returned as `next` of the page before; absent for the first one */
  encode(target: DialectTarget, after?: string): HttpRequest;
  decode(reply: HttpReply, target: DialectTarget, after?: string): VoicePage;
}

/** Reads the body of one streamed answer. */
export interface KindStreamDecoder extends StreamDecoder {
  /** Takes a piece of a body of bytes. Absent for an API whose streams are events alone. */
  bytes?(chunk: Uint8Array): void;
}

/** How a kind is streamed. A whole reply in place of a stream is read by {@link KindCodec.decode}. */
export interface KindStreamCodec<K extends Kind> {
  /** The request for a stream. Default: the request for a whole answer, whose bytes are read as they arrive. */
  encode?(request: RequestOf<K>, target: DialectTarget): Encoded;
  /** How events are framed, where the content type does not tell. Default `sse`. */
  readonly framing?: Framing;
  decoder(reply: StreamHead, out: PartSink<K>, request: RequestOf<K>): KindStreamDecoder;
}

/** The facts of a streamed answer before its body. */
export interface StreamHead {
  readonly target: DialectTarget;
  readonly headers: HttpReply["headers"];
}

/** How to split a request into several that the endpoint accepts, and to join their replies. */
export interface Pieces<K extends Kind> {
  /** The requests in order; the request itself if it need not be split. */
  cut(request: RequestOf<K>, target: DialectTarget): readonly RequestOf<K>[];
  /** One reply of theirs, in the order of the requests. */
  join(replies: readonly ReplyOf<K>[]): ReplyOf<K>;
}

/** A vendor's job in its API: its id, and what later requests need besides. Plain JSON. */
export interface Job {
  /** The vendor's id. Empty while a step before the job runs, such as an upload. */
  readonly id: string;
  /** What the next request is, for an API of several. */
  readonly step?: string;
  readonly data?: JsonObject;
}

/** What a reply says about a job: its answer, or its state. */
export type JobStep<R> =
  | { readonly state: "done"; readonly reply: R }
  /** The job was stopped: the error that a call ends with. */
  | { readonly state: "cancelled"; readonly error: AiLibError }
  | {
      readonly state: "pending" | "running";
      readonly job: Job;
      /** The next request is due without a wait: the step is done, but not the job. */
      readonly now?: boolean;
      /** From 0 to 1, where the vendor says. */
      readonly progress?: number | undefined;
      /** The vendor's word for the state. */
      readonly word?: string | undefined;
    };

/**
 * The requests and replies of an API that answers with a job: `encode` of the codec starts the job, and the requests of
 * this object poll it until it is done. Pure, as codecs are.
 */
export interface JobCodec<K extends Kind> {
  /** Reads the reply to the request that starts. @throws {AiLibError} as `decode` of a codec does. */
  begin(reply: HttpReply, target: DialectTarget, request: RequestOf<K>): JobStep<ReplyOf<K>>;
  /** The request that is due next: it polls the state, or starts the next step. */
  next(job: Job, target: DialectTarget): HttpRequest;
  /** Reads the reply to {@link next}. @throws {AiLibError} for a job that failed, classified by what the vendor says. */
  read(reply: HttpReply, job: Job, target: DialectTarget): JobStep<ReplyOf<K>>;
  /** The starting request with a webhook address; absent if the vendor accepts none. */
  withWebhook?(http: HttpRequest, url: string): HttpRequest;
  /** The request that stops a job; absent where the vendor has none, undefined where this job cannot be stopped. */
  cancel?(job: Job, target: DialectTarget): HttpRequest | undefined;
}

/**
 * How chats of a dialect run in the background at the vendor, and are polled or streamed later. Pure, as codecs are.
 */
export interface BackgroundCodec extends JobCodec<"chat"> {
  /** The request that is encoded to start one. */
  prepare(request: ChatRequest, target: DialectTarget): ChatRequest;
  /** The job that a frame of the starting stream names; undefined for other frames. */
  begun(frame: Frame): Job | undefined;
  /** The request of the stream after an event with this number, or from its beginning. */
  stream(job: Job, after: number | undefined, target: DialectTarget): HttpRequest;
  /** The field of an event that holds its number. */
  readonly cursorField: string;
  /** The types of the events that end a stream. */
  readonly ends: readonly string[];
}

/** The kinds besides chat that a dialect has, by name. */
export type KindCodecs = { readonly [K in Exclude<Kind, "chat">]?: KindCodec<K> };

/**
 * Which media a target's model sees at a URL that its vendor fetches. A list contains media types, or their beginnings.
 * A medium without a type counts as one of them.
 */
export interface MediaUrls {
  readonly image: boolean | readonly string[];
  readonly audio: boolean | readonly string[];
  readonly file: boolean | readonly string[];
}

/**
 * The client's side of a dialect: pure, no I/O. Bodies and frames come from the wire and are untrusted: unknown
 * types and fields are skipped, and wrong types are never an exception other than an {@link AiLibError}.
 */
export interface ClientHalf {
  readonly id: DialectId;
  /** How its streams are framed, where the reply's content type does not tell. */
  readonly framing: Framing;
  /** The field of a stream's request that asks for usage. Absent where every stream has it. */
  readonly usageField?: string;
  /** The names of tools that a target accepts; undefined for any. Others are replaced before {@link encode}. */
  readonly toolNames?: (target: DialectTarget) => NameForm | undefined;
  /** Whether a target's conversations must begin with a turn of the user. Absent: any turn may come first. */
  readonly userFirst?: (target: DialectTarget) => boolean;
  /** Whether a target takes histories in which calls of async tools have no result yet. Absent: no target does. */
  readonly asyncTools?: (target: DialectTarget) => boolean;
  /**
   * Which media a target takes by URL; others are refused, or fetched and sent as bytes if the caller allows it.
   * Absent: all.
   */
  readonly mediaUrls?: (target: DialectTarget) => MediaUrls;
  /** @throws {AiLibError} `UNSUPPORTED_FEATURE` or `INVALID_REQUEST` where no body could say it. */
  encode(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget): Encoded;
  /** @throws {AiLibError} for an error inside a 200, and `INVALID_RESPONSE` for what is no reply. */
  decode(reply: HttpReply, target: DialectTarget): Reply;
  /** Loads code that calls of a mode need; undefined where nothing is missing. Absent: nothing is loaded. */
  readonly load?: (mode: "unary" | "stream") => Promise<void> | undefined;
  /** @throws {NotLoaded} before {@link load} has loaded the code of streams. */
  decoder(target: DialectTarget, out: PartSink): StreamDecoder;
  /** Classifies an error reply (status other than 2xx, or an error body). */
  error(reply: HttpReply, target: DialectTarget): AiLibError;
  /** Kinds besides chat. */
  readonly kinds?: KindCodecs;
  /** How chats run in the background at a target that can; undefined for one that cannot. */
  readonly background?: (target: DialectTarget) => BackgroundCodec | undefined;
  /** The free request that lists models, where the dialect has one. */
  readonly models?: {
    encode(target: DialectTarget): HttpRequest;
    decode(reply: HttpReply, target: DialectTarget): ModelInfo[];
  };
}

/** A request as a server half reads it. */
export interface DecodedRequest {
  readonly request: ChatRequest;
  readonly mode: "unary" | "stream";
  /**
   * The framing that the client requests, if it differs from the default of the half: Gemini without `alt=sse` is one
   * array.
   */
  readonly framing?: Exclude<ServedFraming, "bytes">;
  /** Whether the client wants usage in a stream. Absent where the dialect gives no choice; usage is then sent. */
  readonly includeUsage?: boolean;
  /** Fields of the body that the answer repeats, as the client sent them. */
  readonly echo?: JsonObject;
  /** The client may continue from the answer by its id, so a server with `conversations` stores it. */
  readonly stored?: boolean;
  /** The body, parsed. Servers that limit what a call uses read the fields of vendors in it. */
  readonly body?: JsonObject;
}

/**
 * Facts that a server half writes into a reply or stream besides the answer itself. Spread the result of `decode` into
 * them, so that the half knows the request that it answers; otherwise it writes its defaults.
 */
export interface ServerFacts extends Partial<DecodedRequest> {
  /** Id of the response, where the answer brings none. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly created: number;
  /** The model asked for, where the answer names none. */
  readonly model?: string;
}

/** Frames that a client gets if it asks for usage. */
export interface UsageFrames {
  /** Whether one may be among some bytes; quick. */
  mayBeIn(bytes: Uint8Array): boolean;
  /** @param data the data of one frame, from the wire */
  is(data: string): boolean;
}

/** The server's side of a {@link KindCodec}: one request in, one reply out. */
export interface ServerKindCodec<K extends Kind> {
  /** The rules of the kind. */
  readonly laws: KindLaws<K>;
  /** Whether a request is one of this kind, by its method and path. */
  matches(http: Pick<HttpRequest, "method" | "path">): boolean;
  /** Whether a request at a path of chats is one of this kind, by its body. Absent: none is. */
  claims?(http: HttpRequest): boolean;
  /** @throws {AiLibError} `INVALID_REQUEST` for a body that is not of this dialect. */
  decode(http: HttpRequest): RequestOf<K>;
  /** @param request what {@link decode} read: a reply may depend on what was asked. */
  encode(response: ResponseOf<K>, request: RequestOf<K>): HttpReply;
  /** An error in the shape of the clients of this API. Default: that of the dialect. */
  error?(error: AiLibError): HttpReply;
  /** How the answer is streamed to a client that asks for it; undefined for one that wants it whole. */
  stream?(http: HttpRequest, request: RequestOf<K>): ServedStream<K> | undefined;
}

/** How a stream is written for a client. */
export interface ServedStream<K extends Kind> {
  readonly framing: ServedFraming;
  /** A sink that writes frames. */
  encoder(write: (frame: Frame) => void): Sink<K>;
}

/** The kinds besides chat that a server half answers, by name. */
export type ServerKindCodecs = { readonly [K in Exclude<Kind, "chat">]?: ServerKindCodec<K> };

/** The server half of a dialect: it decodes requests and encodes replies, streams and errors. */
export interface ServerHalf {
  readonly id: DialectId;
  readonly framing: Framing;
  /** Whether a request is one of this dialect's chat calls, by its method and path. */
  matches(http: Pick<HttpRequest, "method" | "path">): boolean;
  /**
   * Whether headers or path identify a client of this dialect, for any request. Decides between dialects that share a
   * path, such as that of model lists, and the format of refusals. Absent: never.
   */
  claims?(http: Pick<HttpRequest, "path" | "headers">): boolean;
  /** @throws {AiLibError} `INVALID_REQUEST` for a body that is not of this dialect. */
  decode(http: HttpRequest): DecodedRequest;
  encode(response: ChatResponse, facts: ServerFacts): HttpReply;
  /** A sink that writes the dialect's frames. */
  encoder(write: (frame: Frame) => void, facts: ServerFacts): EventSink;
  /** The frames that have nothing but usage. Absent: clients always expect usage. */
  readonly usageFrames?: UsageFrames;
  /**
   * An error as this dialect's HTTP reply; `client.error` of it has the same code.
   * @param status a status of HTTP that the error's code does not tell: 404 for an unknown path, 502 where the server's own
   *   key is refused. Default: that of the code.
   */
  error(error: AiLibError, status?: number): HttpReply;
  /**
   * The names of request fields in this dialect, for errors about them. Default: errors have the contract's names;
   * extensions of the dialect always have their own.
   */
  readonly fieldNames?: Readonly<Record<string, string>>;
  /** Kinds besides chat. */
  readonly kinds?: ServerKindCodecs;
  /** APIs of single kinds that belong to no dialect, and whose clients this half answers besides its own. */
  readonly apis?: readonly ServerKindCodec<Kind>[];
  /** The reply to the free request that lists models. */
  readonly models?: {
    matches(http: Pick<HttpRequest, "method" | "path">): boolean;
    encode(models: readonly ModelInfo[]): HttpReply;
    /** The reply to the free request for one model, where the dialect has one. */
    readonly one?: {
      matches(http: Pick<HttpRequest, "method" | "path">): boolean;
      /**
       * The model that a request names.
       * @throws {AiLibError} `INVALID_REQUEST` where it names none.
       */
      idOf(http: HttpRequest): string;
      encode(model: ModelInfo): HttpReply;
    };
  };
}

/** What a dialect cannot carry: a path of the contract's fields, and why. Each loss raises a warning. */
export type Cannot = Readonly<Record<string, string>>;
