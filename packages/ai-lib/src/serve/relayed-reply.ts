import type { UsageFrames } from "../core/contract/dialect.js";
import type { ReplyTap } from "../core/contract/original.js";
import type { Framing, HeaderFields } from "../core/contract/transport.js";
import { joinBytes } from "../core/values/join-bytes.js";
import { type FrameBoundary, frameBoundary } from "../wire/frame-boundary.js";
import { withoutFrames } from "../wire/without-frames.js";

/** Bytes that are held of one reply before it is released; a longer one is decoded and encoded again. */
const MAX_HELD = 64 * 1024 * 1024;

/** Headers of a provider's reply that its own clients read, without accounts, limits and cookies of the server. */
const PASSED_HEADERS = [
  "content-type",
  "request-id",
  "x-request-id",
  "openai-version",
  "anthropic-version",
  "x-amzn-requestid",
] as const;

/** Receives the bytes of a reply once it is released. */
export interface RelayReceiver {
  data(chunk: Uint8Array): void;
  end(): void;
}

/** The bytes of one attempt's reply: held until the reply is known to be the one for the client. */
export class RelayedReply implements ReplyTap {
  opening?: unknown;
  response?: unknown;
  status = 0;
  private given: HeaderFields = {};
  private held: Uint8Array[] = [];
  private size = 0;
  private ended = false;
  private receiver: RelayReceiver | undefined;
  private readonly boundary: FrameBoundary | undefined;

  /**
   * @param framing that of a stream, of which only whole frames are passed on; undefined for a whole reply
   * @param leftOut server-sent events that the client does not get. Default: it gets all
   */
  constructor(
    private readonly framing: Framing | undefined,
    private readonly leftOut?: UsageFrames,
  ) {
    this.boundary = framing === undefined ? undefined : frameBoundary(framing);
  }

  /** The headers that the client gets. */
  get headers(): HeaderFields {
    const passed: Record<string, string> = {};
    for (const name of PASSED_HEADERS) {
      const value = this.given[name];
      if (value !== undefined) passed[name] = value;
    }
    return passed;
  }

  /** Whether the client can read these bytes: all are here, and a stream has the framing that its dialect has. */
  get readable(): boolean {
    if (this.status === 0 || this.size > MAX_HELD) return false;
    const type = this.given["content-type"] ?? "";
    return this.framing === undefined || type.toLowerCase().startsWith(CONTENT_TYPES[this.framing]);
  }

  head(status: number, headers: HeaderFields): void {
    this.status = status;
    this.given = headers;
  }

  data(chunk: Uint8Array): void {
    if (this.receiver !== undefined) this.pass(chunk, this.receiver);
    else {
      this.size += chunk.length;
      if (this.size <= MAX_HELD) this.held.push(chunk.slice());
    }
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    if (this.receiver !== undefined) this.finish(this.receiver);
  }

  /** Whether nothing more is read. */
  get over(): boolean {
    return this.ended;
  }

  /** Passes on what was held, and whatever comes after it. */
  release(receiver: RelayReceiver): void {
    this.receiver = receiver;
    const { held } = this;
    this.held = [];
    for (const chunk of held) this.pass(chunk, receiver);
    if (this.ended) this.finish(receiver);
  }

  /** The whole body, of a reply that was not released. */
  body(): Uint8Array {
    return joinBytes(this.held, this.size);
  }

  private pass(chunk: Uint8Array, receiver: RelayReceiver): void {
    const whole = this.boundary?.wholeBytes(chunk) ?? chunk.length;
    if (whole > 0) this.send(whole === chunk.length ? chunk : chunk.subarray(0, whole), receiver);
    if (whole < chunk.length) this.held.push(chunk.slice(whole));
  }

  /** Sends what was held, and the end of its last frame. */
  private send(last: Uint8Array, receiver: RelayReceiver): void {
    const { held, leftOut } = this;
    if (held.length > 0) this.held = [];
    if (leftOut === undefined) {
      for (const part of held) receiver.data(part);
      receiver.data(last);
      return;
    }
    const frames = held.length === 0 ? last : joinBytes([...held, last]);
    const left = withoutFrames(frames, leftOut);
    if (left.length > 0) receiver.data(left);
  }

  private finish(receiver: RelayReceiver): void {
    if (this.held.length > 0) this.send(NO_BYTES, receiver);
    receiver.end();
  }
}

const NO_BYTES = new Uint8Array();

const CONTENT_TYPES: Readonly<Record<Framing, string>> = {
  sse: "text/event-stream",
  ndjson: "application/x-ndjson",
  "aws-event-stream": "application/vnd.amazon.eventstream",
};
