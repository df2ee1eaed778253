import type { PingEvent, StreamEvent } from "../values/chat-event.js";
import type { ChatResponse } from "../values/chat-response.js";
import type { ErrorCode } from "../values/error-code.js";
import type { EventOf, Kind, ResponseOf } from "../values/kinds.js";
import type { ToolRunEvent } from "../values/tool-run-event.js";
import type { Clock } from "./clock.js";

/**
 * An answer as it comes. Nothing is sent until it is iterated or `response()` is called. Leaving the loop, or
 * aborting the signal, closes the upstream connection. It can be iterated once.
 */
export interface ChatStream extends AsyncIterable<StreamEvent> {
  /** Only the text, piece by piece. It fails instead of a restart, since printed text cannot be taken back. */
  readonly text: AsyncIterable<string>;
  /**
   * The whole answer. May be called before, during or after the loop; reads to the end if you do not iterate.
   * Rejects with the call's error, or with `CANCELLED` and `partial` after the loop was left. Never raises an
   * unhandled rejection.
   */
  response(): Promise<ChatResponse>;
  /**
   * The events as bytes, by default as newline-delimited JSON; cancelling it closes the upstream. A call that fails
   * ends it with a {@link StreamErrorLine}, never with a cut body.
   */
  toReadableStream(options?: EventBodyOptions): ReadableStream<Uint8Array>;
  /**
   * A web response with the events as its body. Its status is 200, whatever happens later: a call that fails ends the
   * body with a {@link StreamErrorLine}. If the client disconnects, the upstream is closed.
   */
  toResponse(options?: EventResponseOptions): Response;
  /**
   * Writes the same to a response of `node:http`, Express or Fastify (`reply.raw`), with back-pressure.
   * @returns a promise that resolves when the response has ended or its client has left. It never rejects.
   */
  pipeTo(response: NodeResponse, options?: EventResponseOptions): Promise<void>;
}

/** The answer is whole. Always the last event of a stream. */
export interface FinishOf<K extends Kind> {
  readonly type: "finish";
  readonly response: ResponseOf<K>;
}

/** The events of a stream. {@link PingEvent} is among them only with the call option `pings`. */
export type StreamItem<K extends Kind> = EventOf<K> | FinishOf<K> | PingEvent;

/**
 * An answer of any kind as it comes. Nothing is sent until it is iterated or `response()` is called. Leaving the loop, or
 * aborting the signal, closes the upstream connection. It can be iterated once.
 */
export interface KindStream<K extends Kind> extends AsyncIterable<StreamItem<K>> {
  /**
   * The whole answer. May be called before, during or after the loop; reads to the end if you do not iterate.
   * Rejects with the call's error, or with `CANCELLED` and `partial` after the loop was left. Never raises an
   * unhandled rejection.
   */
  response(): Promise<ResponseOf<K>>;
}

/** Speech as it comes. */
export interface SpeechStream extends KindStream<"speak"> {
  /** Only the bytes, piece by piece. */
  readonly audio: AsyncIterable<Uint8Array>;
}

/** A transcript as it comes. */
export interface TranscriptStream extends KindStream<"transcribe"> {
  /** Only the text, piece by piece. */
  readonly text: AsyncIterable<string>;
}

/** Pictures as they arrive, with unfinished ones if the request asks for them. */
export type ImageStream = KindStream<"image">;

/**
 * How events are written. `ndjson`: one JSON object a line. `sse`: server-sent events, which `EventSource` reads.
 * `ai-sdk`: the message stream of the AI SDK's `useChat`.
 */
export type EventFormat = "ndjson" | "sse" | "ai-sdk";

/** An event as it leaves the server. */
export type OutgoingEvent = ToolRunEvent | StreamErrorLine;

/** Decides what to write of an event; see {@link EventBodyOptions.expose}. */
export type Expose = (event: OutgoingEvent, safe: OutgoingEvent) => OutgoingEvent | undefined;

/** Options of `toReadableStream()`. */
export interface EventBodyOptions {
  /** Default `"ndjson"`. */
  readonly format?: EventFormat | undefined;
  /**
   * What leaves the server. By default attempts with their targets and key aliases, headers, the provider's request id
   * and rate limits, raw bodies, the messages of tools that failed, and the messages of errors that the request did not
   * cause stay on the server. `true` writes them, too. A function receives each event whole and as it is written by
   * default, and returns what to write; `undefined` leaves an event out, except the last one. Default false.
   */
  readonly expose?: boolean | Expose | undefined;
  /**
   * Milliseconds without an event after which a heartbeat is written, so that proxies do not close the connection: a
   * comment in server-sent events, `{"type":"ping"}` in NDJSON. `Infinity` for none. Default 15,000.
   */
  readonly heartbeatMs?: number | undefined;
  /**
   * With the format `ai-sdk`: the id of the message, for a server that stores messages. A message that continues (after
   * approvals, or results of tools in the page) keeps its id: set none then. Default: the page creates one.
   */
  readonly messageId?: string | undefined;
  /** Measures {@link heartbeatMs}. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** Options of `toResponse()` and `pipeTo()`. */
export interface EventResponseOptions extends EventBodyOptions {
  /** Headers besides those of the format; names in lower case. They override those of the format. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The part of a `node:http` response that `pipeTo()` uses. */
export interface NodeResponse {
  readonly destroyed: boolean;
  readonly writableFinished: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  flushHeaders?(): void;
  write(chunk: string): boolean;
  end(): unknown;
  on(event: "drain" | "close", listener: () => void): unknown;
}

/** The last event of a body where the call failed. */
export interface StreamErrorLine {
  readonly type: "error";
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    /** Whether another attempt may help. */
    readonly retryable: boolean;
    /** Epoch milliseconds before which another attempt is pointless. */
    readonly retryAt?: number;
    /** Content had been delivered before. */
    readonly committed: boolean;
  };
}
