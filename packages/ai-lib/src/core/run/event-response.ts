import { type Clock, systemClock } from "../contract/clock.js";
import { attempt } from "../contract/guard.js";
import type { EventBodyOptions, EventResponseOptions, NodeResponse } from "../contract/stream.js";
import { configError } from "../errors/error.js";
import { refuseUnknown } from "../errors/options.js";
import type { ToolRunEvent } from "../values/tool-run-event.js";
import type { EventEncoder, EventWriting } from "./event-encoder.js";
import { eventWriting } from "./event-format.js";
import type { Exposure } from "./public-event.js";

const BODY_OPTIONS = [
  "format",
  "expose",
  "heartbeatMs",
  "messageId",
  "clock",
] satisfies (keyof EventBodyOptions)[];
const BODY_NAMES: ReadonlySet<string> = new Set(BODY_OPTIONS);
const RESPONSE_NAMES: ReadonlySet<string> = new Set([
  ...BODY_OPTIONS,
  "headers",
] satisfies (keyof EventResponseOptions)[]);

const DEFAULT_HEARTBEAT_MS = 15_000;

/**
 * The encoded events of a stream, piece by piece. {@link next} resolves with the text of the next event (`undefined`
 * after the last one) and never rejects: an error is an event.
 */
export interface EventTexts {
  readonly writing: Pick<EventWriting, "headers" | "heartbeat">;
  next(): Promise<string | undefined>;
  /** The reader left. */
  leave(): void;
}

/** The events of a stream as bytes. @throws {AiLibError} `CONFIG_ERROR` for wrong options. */
export function eventBody(
  events: AsyncIterable<ToolRunEvent>,
  options: EventBodyOptions = {},
): ReadableStream<Uint8Array> {
  refuseUnknown("option of a stream", options, BODY_NAMES);
  return textBody(encodedEvents(events, options), options);
}

/** The events of a stream as a web response. @throws {AiLibError} `CONFIG_ERROR` for wrong options. */
export function eventResponse(
  events: AsyncIterable<ToolRunEvent>,
  options: EventResponseOptions = {},
): Response {
  refuseUnknown("option of a response", options, RESPONSE_NAMES);
  return textResponse(encodedEvents(events, options), options);
}

/** The events of a stream to a response of `node:http`. @throws {AiLibError} `CONFIG_ERROR` for wrong options. */
export function pipeEvents(
  events: AsyncIterable<ToolRunEvent>,
  response: NodeResponse,
  options: EventResponseOptions = {},
): Promise<void> {
  refuseUnknown("option of a response", options, RESPONSE_NAMES);
  return pipeTexts(encodedEvents(events, options), response, options);
}

function encodedEvents(
  events: AsyncIterable<ToolRunEvent>,
  { format, expose, messageId }: EventBodyOptions,
): EventTexts {
  const writing = eventWriting(format, messageId);
  const iterator = events[Symbol.asyncIterator]();
  let over = false;
  let encoder: EventEncoder | undefined;
  let outgoing: Exposure | undefined;
  return {
    writing,
    async next() {
      if (over) return undefined;
      if (encoder === undefined || outgoing === undefined) {
        const { exposure } = await import("./public-event.js");
        outgoing = exposure(expose);
        encoder = await writing.encoder();
      }
      try {
        for (;;) {
          const step = await iterator.next();
          if (step.done === true) {
            over = true;
            return encoder.end() || undefined;
          }
          const event = outgoing.event(step.value);
          const text = event === undefined ? "" : encoder.encode(event);
          if (text !== "") return text;
        }
      } catch (error) {
        // The events or `expose` failed; the source must stop in both cases.
        if (!over) attempt(() => iterator.return?.());
        over = true;
        return encoder.encode(outgoing.error(error)) + encoder.end();
      }
    },
    leave() {
      over = true;
      attempt(() => iterator.return?.());
    },
  };
}

/** Texts as a web response. */
export function textResponse(texts: EventTexts, options: EventResponseOptions): Response {
  return new Response(textBody(texts, options), {
    headers: { ...texts.writing.headers, ...options.headers },
  });
}

/** Texts as bytes, with heartbeats. Nothing is asked for before it is read. */
export function textBody(texts: EventTexts, options: EventBodyOptions): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder();
  const beat = bytes.encode(texts.writing.heartbeat);
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const heart = new Heart(options, () => {
    // A reader that has not read the previous heartbeat needs no further one.
    if ((controller?.desiredSize ?? -1) >= 0) controller?.enqueue(beat);
  });
  return new ReadableStream<Uint8Array>(
    {
      async pull(given) {
        controller = given;
        heart.start();
        const text = await texts.next();
        heart.stop();
        if (text === undefined) {
          heart.end();
          given.close();
        } else given.enqueue(bytes.encode(text));
      },
      cancel() {
        heart.end();
        texts.leave();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Texts to a response of `node:http`, with heartbeats and back-pressure. */
export async function pipeTexts(
  texts: EventTexts,
  response: NodeResponse,
  options: EventResponseOptions,
): Promise<void> {
  const heart = new Heart(options, () => response.write(texts.writing.heartbeat));
  let closed = response.destroyed;
  let wake: (() => void) | undefined;
  const nextSignal = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  response.on("drain", () => wake?.());
  response.on("close", () => {
    closed = true;
    heart.end();
    // Ends the wait for the next text, too.
    texts.leave();
    wake?.();
  });
  try {
    if (!closed) {
      response.writeHead(200, { ...texts.writing.headers, ...options.headers });
      response.flushHeaders?.();
    }
    while (!closed) {
      heart.start();
      const text = await texts.next();
      heart.stop();
      if (closed) break;
      if (text === undefined) {
        heart.end();
        response.end();
        if (!closed) await nextSignal();
        return;
      }
      if (!response.write(text) && !closed) await nextSignal();
    }
  } catch {
    // Such a response cannot be written: it is no response of `node:http`, or its head was sent before.
  }
  heart.end();
  texts.leave();
}

/** Writes heartbeats while the next event is awaited. One timer serves many events, and none runs after a wait. */
class Heart {
  private readonly clock: Clock;
  private readonly everyMs: number;
  private waiting = false;
  private since = 0;
  private cancel: (() => void) | undefined;

  constructor(
    { heartbeatMs = DEFAULT_HEARTBEAT_MS, clock = systemClock }: EventBodyOptions,
    private readonly beat: () => void,
  ) {
    if (typeof heartbeatMs !== "number" || !(heartbeatMs > 0))
      throw configError(`heartbeatMs must be a positive number, not ${String(heartbeatMs)}`);
    this.clock = clock;
    this.everyMs = heartbeatMs;
  }

  /** A wait begins. */
  start(): void {
    this.waiting = true;
    this.since = this.clock.now();
    if (this.cancel === undefined && this.everyMs !== Number.POSITIVE_INFINITY) this.wait(this.everyMs);
  }

  /** The wait is over. */
  stop(): void {
    this.waiting = false;
  }

  /** No further wait follows; a timer would keep the process alive. */
  end(): void {
    this.stop();
    this.cancel?.();
    this.cancel = undefined;
  }

  private wait(ms: number): void {
    this.cancel = this.clock.after(ms, () => {
      this.cancel = undefined;
      if (!this.waiting) return;
      const left = this.since + this.everyMs - this.clock.now();
      if (left > 0) {
        this.wait(left);
        return;
      }
      this.since = this.clock.now();
      this.wait(this.everyMs);
      this.beat();
    });
  }
}
