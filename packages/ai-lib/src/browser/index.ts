/**
 * Reads, in a page, the output of `stream.toResponse()`, `stream.pipeTo()` and `resumableStreams`, as NDJSON or
 * server-sent events. It needs only `fetch` and is less than 3 KB, minified and compressed.
 */
import { type Clock, systemClock } from "../core/contract/clock.js";
import type { StreamErrorLine } from "../core/contract/stream.js";
import type { StreamEvent } from "../core/values/chat-event.js";
import type { ToolRunEvent } from "../core/values/tool-run-event.js";

export type { StreamErrorLine } from "../core/contract/stream.js";
export type { StreamEvent } from "../core/values/chat-event.js";
export type { ToolEvent, ToolRunEvent } from "../core/values/tool-run-event.js";

/** Options of {@link readStream}; all optional. */
export interface ReadStreamOptions {
  /**
   * Requests the events after a cursor, if a connection broke before the stream was complete: `(cursor) =>
   * fetch("/chat/17?after=" + cursor)`. Default: a broken connection is an error.
   */
  readonly resume?: ((cursor: number) => Response | PromiseLike<Response>) | undefined;
  /** How often in a row it resumes without receiving an event. Default 5. */
  readonly maxResumes?: number | undefined;
  /** Milliseconds before the first of them; each further wait is twice as long, at most 10 s. Default 500. */
  readonly resumeAfterMs?: number | undefined;
  /** The cursor of the last event that the page has, if the response continues from there. Default 0. */
  readonly after?: number | undefined;
  /** Stops reading. Whether the server stops as well is the server's decision. */
  readonly signal?: AbortSignal | undefined;
  /** Measures the waits. Default: that of the page. */
  readonly clock?: Clock | undefined;
}

/** The events of a stream. It can be read once: iterate it, or its {@link text}. */
export interface EventReader extends AsyncIterable<ToolRunEvent> {
  /** Only the text of the model. It fails instead of a restart. */
  readonly text: AsyncIterable<string>;
  /** The cursor of the last event; 0 for a stream without cursors. */
  readonly cursor: number;
}

/** Why a stream ended before it was whole. */
export class StreamError extends Error {
  override readonly name = "StreamError";
  /**
   * @param code a code of ai-lib, such as `RATE_LIMIT`; `HTTP_ERROR` for a response whose status is no success;
   *   `NETWORK_ERROR` or `STREAM_TRUNCATED` for a connection that broke
   */
  constructor(
    readonly code: StreamErrorLine["error"]["code"] | "HTTP_ERROR",
    message: string,
    /** Whether asking again may help. */
    readonly retryable: boolean,
    /** Epoch milliseconds before which another attempt is pointless. */
    readonly retryAt?: number,
    /** The status, where the code is `HTTP_ERROR`. */
    readonly status?: number,
  ) {
    super(message);
  }
}

/**
 * Reads the events of a stream.
 *
 * @example
 * for await (const text of readStream(fetch("/chat?q=Hello")).text) console.log(text);
 * @param source the response of `fetch`; nothing is read before the reader is iterated
 * @throws {StreamError} while it is iterated: the error of the server, or a connection that broke for good.
 */
export function readStream(
  source: Response | PromiseLike<Response>,
  options: ReadStreamOptions = {},
): EventReader {
  let cursor = options.after ?? 0;
  const events = read(source, options, cursor, (now) => {
    cursor = now;
  });
  return {
    [Symbol.asyncIterator]: () => events,
    get text() {
      return textOf(events);
    },
    get cursor() {
      return cursor;
    },
  };
}

async function* textOf(events: AsyncIterable<ToolRunEvent>): AsyncGenerator<string, void> {
  for await (const event of events) {
    if (event.type === "text-delta") yield event.text;
    else if (event.type === "restart")
      throw new StreamError("STREAM_TRUNCATED", "The answer restarted", true);
  }
}

/** What a line of a stream holds. */
type Sent = (StreamEvent | ToolRunEvent | StreamErrorLine | { readonly type: "ping" }) & {
  readonly cursor?: number;
};

async function* read(
  source: Response | PromiseLike<Response>,
  { resume, maxResumes = 5, resumeAfterMs = 500, signal, clock = systemClock }: ReadStreamOptions,
  after: number,
  onCursor: (cursor: number) => void,
): AsyncGenerator<ToolRunEvent, void> {
  let cursor = after;
  let hasRounds = false;
  let failures = 0;
  for (let isFirst = true; ; isFirst = false) {
    let broken: StreamError;
    try {
      const response = await (isFirst || resume === undefined ? source : resume(cursor));
      const { status } = response;
      if (!response.ok)
        throw new StreamError(
          "HTTP_ERROR",
          `The server answered with ${status}`,
          status > 499,
          undefined,
          status,
        );
      if (status === 204) {
        if (isFirst) return;
        throw new StreamError("STREAM_TRUNCATED", "The stream was discarded", false);
      }
      for await (const sent of linesOf(response, signal)) {
        if (sent.type === "ping") continue;
        if (sent.cursor !== undefined) {
          // A server that begins before the cursor repeats events.
          if (sent.cursor <= cursor) continue;
          cursor = sent.cursor;
          onCursor(cursor);
        }
        failures = 0;
        if (sent.type === "error") {
          const { code, message, retryable, retryAt } = sent.error;
          throw new StreamError(code, message, retryable, retryAt);
        }
        hasRounds ||= sent.type === "round-start";
        yield sent;
        if (sent.type === "run-end" || (sent.type === "finish" && !hasRounds)) return;
      }
      broken = new StreamError("STREAM_TRUNCATED", "The connection ended before the stream was whole", true);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof StreamError && (error.code !== "HTTP_ERROR" || !error.retryable)) throw error;
      broken = error instanceof StreamError ? error : new StreamError("NETWORK_ERROR", String(error), true);
    }
    signal?.throwIfAborted();
    if (resume === undefined || failures >= maxResumes) throw broken;
    await wait(clock, Math.min(resumeAfterMs * 2 ** failures++, LONGEST_WAIT_MS), signal);
  }
}

const LONGEST_WAIT_MS = 10_000;

/** The events of one response, by its content type. */
async function* linesOf(response: Response, signal: AbortSignal | undefined): AsyncGenerator<Sent, void> {
  const isEventStream = response.headers.get("content-type")?.includes("event-stream") === true;
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const abort = () => void reader?.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", abort);
  let rest = "";
  let data = "";
  let id = "";
  try {
    for (;;) {
      const step = await reader?.read();
      signal?.throwIfAborted();
      if (step === undefined || step.done) return;
      const lines = decoder.decode(step.value, { stream: true }).split("\n");
      lines[0] = rest + lines[0];
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (!isEventStream) {
          if (line.trim() !== "") yield JSON.parse(line);
        } else if (line.startsWith("data:")) data += line.slice(5);
        else if (line.startsWith("id:")) id = line.slice(3).trim();
        else if (line.trim() === "" && data !== "") {
          const event = JSON.parse(data);
          data = "";
          yield id === "" ? event : { ...event, cursor: Number(id) };
        }
      }
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    await reader?.cancel().catch(() => {});
  }
}

function wait(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort);
  });
}
