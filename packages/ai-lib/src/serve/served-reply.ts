import type { DecodedRequest, ServerFacts, ServerHalf } from "../core/contract/dialect.js";
import type { EventSink, Flow } from "../core/contract/sink.js";
import { AiLibError } from "../core/errors/error.js";
import type { ChatEvent } from "../core/values/chat-event.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { restartError } from "../dialects/shared/common/answer-writer.js";
import { type FrameWriter, frameWriter } from "../wire/frame-writer.js";
import { type ReplyOutput, sendReply } from "./output.js";

/**
 * One answer on its way to a client: a sink that writes a dialect. The source is paused while the client reads more
 * slowly, and aborted once the client leaves.
 */
export class ServedReply<Output extends ReplyOutput = ReplyOutput> implements EventSink {
  /** Puts frames on the wire as this client wants them. */
  readonly writer: FrameWriter;
  private readonly encoder: EventSink | undefined;
  private flow: Flow | undefined;
  private controller: AbortController | undefined;
  private left = false;
  private over = false;

  constructor(
    /** The raw reply, for a handler that writes something else than an answer. */
    readonly output: Output,
    private readonly half: ServerHalf,
    { mode, framing }: DecodedRequest,
    private readonly facts: ServerFacts,
  ) {
    this.writer = frameWriter(framing ?? half.framing);
    if (mode === "stream")
      this.encoder = half.encoder((frame) => {
        this.begin();
        if (!output.write(this.writer.frame(frame))) this.flow?.pause();
      }, facts);
    output.listen({ drained: () => this.flow?.resume(), left: () => this.abort() });
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
    if (this.left) flow.abort();
  }

  event(event: ChatEvent): void {
    if (this.over || this.left) return;
    if (event.type === "restart" && this.output.begun) {
      this.fail(restartError());
      this.flow?.abort();
      return;
    }
    this.guard(() => this.encoder?.event(event));
  }

  finish(response: ChatResponse): void {
    if (this.over || this.left) return;
    this.guard(() => {
      const { encoder } = this;
      if (encoder === undefined) sendReply(this.output, this.half.encode(response, this.facts));
      else {
        encoder.finish(response);
        this.begin();
        this.output.end(this.writer.end());
      }
      this.over = true;
    });
  }

  /** Before the head an error is a reply with its status; after the head it is the last frame of the stream. */
  fail(error: AiLibError): void {
    if (this.over || this.left) return;
    this.over = true;
    if (!this.output.begun) sendReply(this.output, this.half.error(error));
    else if (this.encoder === undefined) this.output.destroy();
    else {
      this.encoder.fail(error);
      this.output.end(this.writer.end());
    }
  }

  /** Sends the head of a stream before its first frame. Errors that follow can only stand inside the stream. */
  head(headers?: Readonly<Record<string, string>>): void {
    this.begin(headers);
    this.output.flush();
  }

  private begin(headers: Readonly<Record<string, string>> = {}): void {
    if (this.output.begun || this.output.closed) return;
    this.output.head(200, {
      "content-type": this.writer.contentType,
      "cache-control": "no-cache",
      // Proxies such as nginx hold a stream back otherwise.
      "x-accel-buffering": "no",
      ...headers,
    });
  }

  /** A dialect that cannot write an answer fails it, and breaks off what it had begun to write. */
  private guard(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.flow?.abort();
      if (this.output.begun) {
        this.over = true;
        this.output.destroy();
      } else this.fail(AiLibError.from(error));
    }
  }

  private abort(): void {
    if (this.over) return;
    this.left = true;
    this.controller?.abort();
    this.flow?.abort();
  }
}
