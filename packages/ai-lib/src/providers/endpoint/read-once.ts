import type { CallContext } from "../../core/contract/call.js";
import type { FileContent } from "../../core/contract/file.js";
import { abortFlow, pauseFlow, resumeFlow } from "../../core/contract/flows.js";
import type { Flow } from "../../core/contract/sink.js";
import type { HeaderFields, HttpReply, Transport, TransportRequest } from "../../core/contract/transport.js";
import { AiLibError, cancelled } from "../../core/errors/error.js";
import { onAbort } from "../../core/run/abort.js";
import { openedFlow } from "../../core/run/member.js";
import { LIMITS } from "../../core/values/limits.js";
import { bufferedText } from "../../wire/body.js";
import { within } from "./request-once.js";

/** Bytes that wait for a slow reader before the source is paused. */
const WAITING_BYTES = 1024 * 1024;

/** A reply whose body is read as it comes; or, for a status other than 2xx, the whole reply. */
export type OpenedReply =
  | { readonly status: number; readonly content: FileContent }
  | (HttpReply & { readonly content?: undefined });

/**
 * Sends one request outside of a call and resolves once its head is there. The body is read as fast as it is consumed;
 * `timeouts.idleMs` bounds every silence of the source.
 * @throws {AiLibError} as the transport does, `TIMEOUT` past the deadline, `CANCELLED` on abort; later ones when the body
 *   is read.
 */
export function readOnce(
  transport: Transport,
  request: Omit<TransportRequest, "connectMs" | "clock">,
  context: CallContext,
): Promise<OpenedReply> {
  const { signal } = context;
  if (signal?.aborted === true) return Promise.reject(cancelled(undefined, signal.reason));
  const body = new ReplyBody(context);
  return within(context, body.open(transport, request), () => body.stop());
}

/** The body of one reply, between a transport that pushes and a reader that pulls. */
class ReplyBody implements AsyncIterableIterator<Uint8Array, undefined> {
  private flow: Flow | undefined;
  private readonly pieces: Uint8Array[] = [];
  private waitingBytes = 0;
  private paused = false;
  private ended = false;
  private error: AiLibError | undefined;
  /** Wakes the reader that waits for a piece. */
  private wake: (() => void) | undefined;
  private cancelTimer: (() => void) | undefined;
  private cancelSignal: (() => void) | undefined;

  constructor(private readonly context: CallContext) {}

  open(transport: Transport, request: Omit<TransportRequest, "connectMs" | "clock">): Promise<OpenedReply> {
    const { clock, timeouts, signal } = this.context;
    return new Promise((resolve, reject) => {
      let refused: ReturnType<typeof bufferedText> | undefined;
      let status = 0;
      let headers: HeaderFields = {};
      const fail = (given: unknown): void => {
        const error = AiLibError.from(given, "NETWORK_ERROR");
        reject(error);
        this.end(error);
      };
      this.cancelSignal = signal && onAbort(signal, () => this.abort(cancelled(undefined, signal.reason)));
      const opened = transport.open(
        { ...request, connectMs: timeouts.connectMs, clock },
        {
          head: (code, names) => {
            status = code;
            headers = (names as HeaderFields | undefined) ?? {};
            this.watch();
            if (code < 200 || code > 299) refused = bufferedText(LIMITS.errorBytes);
            else resolve({ status, content: contentOf(this, headers) });
          },
          data: (chunk) => {
            if (refused === undefined) {
              this.push(chunk);
              return;
            }
            try {
              refused.push(chunk);
            } catch (error) {
              fail(error);
              abortFlow(this.flow);
            }
          },
          end: () => {
            if (refused !== undefined) resolve({ status, headers, body: refused.end() });
            this.end();
          },
          fail,
        },
      );
      this.flow = openedFlow(opened);
    });
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const piece = this.pieces.shift();
      if (piece !== undefined) {
        this.waitingBytes -= piece.length;
        this.resume();
        return { done: false, value: piece };
      }
      if (this.error !== undefined) throw this.error;
      if (this.ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Ends the request; what waits is not read. */
  stop(): void {
    this.pieces.length = 0;
    if (this.ended) return;
    this.end();
    abortFlow(this.flow);
  }

  private abort(error: AiLibError): void {
    if (this.ended) return;
    this.pieces.length = 0;
    this.end(error);
    abortFlow(this.flow);
  }

  private push(chunk: Uint8Array): void {
    if (this.ended) return;
    // The transport may use a chunk again.
    this.pieces.push(new Uint8Array(chunk));
    this.waitingBytes += chunk.length;
    if (this.waitingBytes > WAITING_BYTES && !this.paused) {
      this.paused = true;
      // A reader that takes its time is no silence of the source.
      this.cancelTimer?.();
      pauseFlow(this.flow);
    } else if (!this.paused) this.watch();
    this.wake?.();
  }

  private resume(): void {
    if (!this.paused || this.waitingBytes > WAITING_BYTES / 2) return;
    this.paused = false;
    this.watch();
    resumeFlow(this.flow);
  }

  /** Bounds the silence from now on. */
  private watch(): void {
    const { clock, timeouts } = this.context;
    this.cancelTimer?.();
    if (this.ended || timeouts.idleMs === Number.POSITIVE_INFINITY) return;
    this.cancelTimer = clock.after(timeouts.idleMs, () =>
      this.abort(
        new AiLibError({
          code: "TIMEOUT",
          message: `The file store sent nothing for ${timeouts.idleMs} ms`,
        }),
      ),
    );
  }

  private end(error?: AiLibError): void {
    this.ended = true;
    this.error ??= error;
    this.cancelTimer?.();
    this.cancelSignal?.();
    this.wake?.();
  }
}

/** The body with what the headers say of it. A body that is coded has another length. */
function contentOf(body: AsyncIterable<Uint8Array>, headers: HeaderFields): FileContent {
  const length = headers["content-encoding"] === undefined ? headers["content-length"] : undefined;
  const size = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  return {
    mediaType: headers["content-type"],
    size,
    [Symbol.asyncIterator]: () => body[Symbol.asyncIterator](),
  };
}
