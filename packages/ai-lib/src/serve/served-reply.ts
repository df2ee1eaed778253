import type {
  DecodedRequest,
  ServedStream,
  ServerFacts,
  ServerHalf,
  ServerKindCodec,
} from "../core/contract/dialect.js";
import { abortFlow, pauseFlow, resumeFlow } from "../core/contract/flows.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import type { HeaderFields, HttpReply } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import type { EventOf, Kind, RequestOf, ResponseOf } from "../core/values/kinds.js";
import { restartError } from "../dialects/shared/common/answer-writer.js";
import { type FrameWriter, frameWriter } from "../wire/frame-writer.js";
import { GatheredFrames } from "./gathered-frames.js";
import { type ReplyOutput, sendReply } from "./output.js";
import type { RelayedReply } from "./relayed-reply.js";

/** How the answers of one request are written. */
export interface AnswerEncoding<K extends Kind> {
  /** A whole answer. */
  encode(response: ResponseOf<K>): HttpReply;
  /** An error before the head. */
  error(error: AiLibError, status?: number): HttpReply;
  /** Absent for an answer that comes whole. */
  readonly stream?: ServedStream<K> | undefined;
  /** Called with an answer before its end is written: the client may ask for the next turn right after. */
  readonly remember?: (response: ResponseOf<K>) => void;
}

/**
 * The encoding of a chat.
 * @param facts those of the answer, asked for once something is written
 * @param remember keeps an answer for the next turn
 */
export function chatEncoding(
  half: ServerHalf,
  { mode, framing = half.framing }: DecodedRequest,
  facts: () => ServerFacts,
  remember?: (response: ChatResponse) => void,
): AnswerEncoding<"chat"> {
  return {
    encode: (response) => half.encode(response, facts()),
    error: (error, status) => half.error(inWordsOf(half, error), status),
    ...(mode === "stream" && { stream: { framing, encoder: (write) => half.encoder(write, facts()) } }),
    ...(remember !== undefined && { remember }),
  };
}

/** The encoding of another kind. @param stream how its answer is streamed; absent for one that comes whole */
export function kindEncoding<K extends Kind>(
  half: ServerHalf,
  codec: ServerKindCodec<K>,
  request: RequestOf<K>,
  stream?: ServedStream<K>,
): AnswerEncoding<K> {
  return {
    encode: (response) => codec.encode(response, request),
    error: (error, status) => codec.error?.(error) ?? half.error(error, status),
    stream,
  };
}

/** An error about a field of a request, with the name that the client has for the field. */
function inWordsOf({ id, fieldNames = {} }: ServerHalf, error: AiLibError): AiLibError {
  const [issue] = error.local ? error.issues : [];
  if (issue === undefined) return error;
  const path = issue.path.join(".");
  const own = `extensions.${id}.`;
  const name = path.startsWith(own) ? path.slice(own.length) : fieldNames[path];
  if (name === undefined) return error;
  const message = error.message.replace(`\`${path}\``, () => `\`${name}\``);
  return error.with({ message, issues: [{ path: name.split("."), message: issue.message }] });
}

const NO_HEADERS: HeaderFields = Object.freeze({});

const STREAM_HEADERS: HeaderFields = {
  "cache-control": "no-cache",
  // Proxies such as nginx hold a stream back otherwise.
  "x-accel-buffering": "no",
};

/** What an error's reply has instead of what its dialect writes. */
export interface ReplyChanges {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One answer on its way to a client: a sink that writes a dialect. The source is paused while the client reads more
 * slowly, and aborted once the client leaves.
 */
export class ServedReply<K extends Kind = Kind, Output extends ReplyOutput = ReplyOutput> implements Sink<K> {
  /** Puts the frames of a stream on the wire as this client wants them; undefined for an answer that comes whole. */
  readonly writer: FrameWriter | undefined;
  /** Made for the first event: an answer whose bytes are passed on needs none. */
  private encoder: Sink<K> | undefined;
  /** Frames of the encoder that are not written yet; made with it. */
  private frames: GatheredFrames | undefined;
  private flow: Flow | undefined;
  private controller: AbortController | undefined;
  private left = false;
  private over = false;
  /** Nothing was written since {@link commentIfSilent} looked. */
  private silent = false;
  /** Headers of the reply besides those of its dialect. */
  private extra: HeaderFields = NO_HEADERS;
  /** The bytes that are passed on in place of what the dialect would write. */
  private relayed: RelayedReply | undefined;

  constructor(
    /** The raw reply, for a handler that writes something else than an answer. */
    readonly output: Output,
    /** How its answers are written. */
    readonly encoding: AnswerEncoding<K>,
  ) {
    if (encoding.stream !== undefined) this.writer = frameWriter(encoding.stream.framing);
    output.listen({ drained: () => resumeFlow(this.flow), left: () => this.abort() });
  }

  /** Aborts once the client leaves before the answer has ended. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.left) this.controller.abort();
    return this.controller.signal;
  }

  /** Ties the source of the answer to the client: paused while the client is slow, aborted once it leaves. */
  attach(flow: Flow): void {
    this.flow = flow;
    if (this.left) abortFlow(flow);
  }

  /** Adds headers to the reply, before its head is sent. */
  addHeaders(headers: HeaderFields): void {
    this.extra = this.extra === NO_HEADERS ? headers : mergeHeaders([this.extra, headers]);
  }

  /** Passes the bytes of a provider's stream on, from the first one. {@link finishRelayed} or `fail` ends it. */
  relay(source: RelayedReply): void {
    if (this.over || this.left) return;
    const { output } = this;
    this.relayed = source;
    if (!output.begun && !output.closed)
      this.sendHead(source.status, mergeHeaders([STREAM_HEADERS, source.headers, this.extra]));
    source.release({
      data: (chunk) => {
        this.silent = false;
        if (!output.write(chunk)) pauseFlow(this.flow);
      },
      end: () => {
        if (this.over) output.end();
      },
    });
  }

  /** Writes a comment between two frames, if nothing was written since the last look. */
  commentIfSilent(comment: string): void {
    if (this.over || this.left) return;
    if (this.silent) {
      this.begin();
      this.writeFrames();
      this.output.write(comment);
    }
    this.silent = !this.silent;
  }

  /** The answer whose bytes are passed on has ended. */
  finishRelayed(source: RelayedReply, response: ResponseOf<K>): void {
    if (this.over || this.left) return;
    this.encoding.remember?.(response);
    if (this.writer === undefined) {
      this.over = true;
      const headers = mergeHeaders([source.headers, this.extra]);
      sendReply(this.output, { status: source.status, headers, body: "", bytes: source.body() });
      return;
    }
    if (this.relayed === undefined) this.relay(source);
    this.over = true;
    if (source.over) this.output.end();
  }

  event(event: EventOf<K>): void {
    if (this.over || this.left) return;
    if (isRestart(event) && this.output.begun) {
      this.fail(restartError());
      abortFlow(this.flow);
      return;
    }
    this.guard(() => this.streamEncoder()?.event(event));
  }

  finish(response: ResponseOf<K>): void {
    if (this.over || this.left) return;
    this.guard(() => {
      this.encoding.remember?.(response);
      const encoder = this.streamEncoder();
      if (encoder === undefined) sendReply(this.output, this.withExtra(this.encoding.encode(response)));
      else {
        encoder.finish(response);
        this.begin();
        this.endFrames();
      }
      this.over = true;
    });
  }

  /** Before the head an error is a reply with its status; after the head it is the last frame of the stream. */
  fail(error: AiLibError, changes: ReplyChanges = {}): void {
    if (this.over || this.left) return;
    this.over = true;
    if (!this.output.begun) {
      const reply = this.encoding.error(error, changes.status);
      const { status = reply.status, headers } = changes;
      sendReply(this.output, { ...reply, status, headers: { ...reply.headers, ...this.extra, ...headers } });
    } else this.failMidway(error);
  }

  /**
   * Sends the head of a stream before its first frame; an answer that comes whole has none. Later errors can only be
   * inside the stream.
   */
  head(headers?: Readonly<Record<string, string>>): void {
    this.begin(headers);
    this.writeFrames();
    this.output.flush();
  }

  /** What writes events as frames; undefined for an answer that comes whole. */
  private streamEncoder(): Sink<K> | undefined {
    const { writer } = this;
    if (writer === undefined) return undefined;
    if (this.encoder !== undefined) return this.encoder;
    const frames = new GatheredFrames(() => this.writeFrames());
    this.frames = frames;
    this.encoder = this.encoding.stream?.encoder((frame) => {
      // The content type may come from the first frame.
      const chunk = writer.frame(frame);
      if (!this.output.begun) this.begin();
      this.silent = false;
      frames.add(chunk);
    });
    return this.encoder;
  }

  private writeFrames(): void {
    const chunk = this.frames?.take();
    if (chunk !== undefined && !this.left && !this.output.write(chunk)) pauseFlow(this.flow);
  }

  /** Writes the frames that are left, and ends the reply. */
  private endFrames(): void {
    const chunk = this.frames?.take();
    const end = this.writer?.end();
    if (chunk === undefined || typeof chunk === "string") this.output.end(`${chunk ?? ""}${end ?? ""}`);
    else {
      this.output.write(chunk);
      this.output.end(end);
    }
  }

  private begin(headers: HeaderFields = NO_HEADERS): void {
    if (this.writer === undefined || this.output.begun || this.output.closed) return;
    const own = { "content-type": this.writer.contentType };
    this.sendHead(200, mergeHeaders([own, STREAM_HEADERS, this.extra, headers]));
  }

  /** One read of a provider may bring much of a stream; the client gets the head before the rest of it is decoded. */
  private sendHead(status: number, headers: HeaderFields): void {
    if (!this.output.head(status, headers)) pauseFlow(this.flow);
  }

  private withExtra(reply: HttpReply): HttpReply {
    return { ...reply, headers: mergeHeaders([reply.headers, this.extra]) };
  }

  /** A dialect that cannot write an answer fails it. */
  private guard(write: () => void): void {
    try {
      write();
    } catch (error) {
      abortFlow(this.flow);
      this.fail(AiLibError.from(error));
    }
  }

  /** The last frame of a stream is its error. A dialect that cannot write even that breaks the reply off. */
  private failMidway(error: AiLibError): void {
    try {
      const encoder = this.streamEncoder();
      if (encoder === undefined) this.output.destroy();
      else {
        encoder.fail(error);
        this.endFrames();
      }
    } catch {
      this.writeFrames();
      this.output.destroy();
    }
  }

  private abort(): void {
    if (this.over) return;
    this.left = true;
    this.controller?.abort();
    abortFlow(this.flow);
  }
}

/** All headers as one object; later ones come before earlier ones. Spreads of several objects take ten times as long. */
function mergeHeaders(parts: readonly HeaderFields[]): HeaderFields {
  const merged: Record<string, string> = {};
  for (const part of parts)
    for (const name in part) {
      const value = part[name];
      if (value !== undefined) merged[name] = value;
    }
  return merged;
}

/** Whether an event takes back what was sent before it. */
function isRestart(event: { readonly type: string }): boolean {
  return event.type === "restart";
}
