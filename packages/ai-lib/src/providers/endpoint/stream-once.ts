import type { CallContext } from "../../core/contract/call.js";
import { abortFlow, pauseFlow, resumeFlow } from "../../core/contract/flows.js";
import type { Flow } from "../../core/contract/sink.js";
import type { HeaderFields, HttpReply, Transport, TransportRequest } from "../../core/contract/transport.js";
import { AiLibError, cancelled } from "../../core/errors/error.js";
import { onAbort } from "../../core/run/abort.js";
import { openedFlow } from "../../core/run/member.js";
import { LIMITS } from "../../core/values/limits.js";
import { within } from "./request-once.js";

/** Bytes that wait for a slow reader before the source is paused. */
const WAITING_BYTES = 256 * 1024;

/** A reply whose body is read as fast as it is consumed. */
export interface StreamedReply {
  readonly status: number;
  readonly headers: HeaderFields;
  /** Can be iterated once. Leaving it early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends one request and resolves to the head of its reply. The deadline of the context bounds the time to the head, and
 * `timeouts.idleMs` every silence after it.
 */
export function streamOnce(
  transport: Transport,
  request: Omit<TransportRequest, "connectMs" | "clock">,
  context: CallContext,
): Promise<StreamedReply> {
  const { signal, clock, timeouts } = context;
  if (signal?.aborted === true) return Promise.reject(cancelled(undefined, signal.reason));
  const body = new StreamedBody(context);
  const head = new Promise<StreamedReply>((resolve, reject) => {
    const fail = (error: unknown): void => {
      const known = AiLibError.from(error, "NETWORK_ERROR");
      reject(known);
      body.fail(known);
    };
    try {
      body.flow = openedFlow(
        transport.open(
          { ...request, connectMs: timeouts.connectMs, clock },
          {
            head: (status, headers) => resolve({ status, headers: (headers as HeaderFields | undefined) ?? {}, body }),
            data: (chunk) => body.push(chunk),
            end: () => body.end(),
            fail,
          },
        ),
      );
    } catch (error) {
      fail(error);
    }
  });
  return within(context, head, () => body.close());
}

/** The reply as a whole one, for an error. What exceeds the limit of errors is not read. */
export async function wholeReply({ status, headers, body }: StreamedReply): Promise<HttpReply> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    text += decoder.decode(chunk, { stream: true });
    if (length >= LIMITS.errorBytes) break;
  }
  return { status, headers, body: text + decoder.decode() };
}

/** Chunks between a transport, which pushes, and a reader, which pulls. */
class StreamedBody implements AsyncIterable<Uint8Array> {
  flow: Flow | undefined;
  private readonly chunks: Uint8Array[] = [];
  private waiting = 0;
  private paused = false;
  private over = false;
  private error: AiLibError | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly context: CallContext) {}

  push(chunk: Uint8Array): void {
    if (this.over) return;
    this.chunks.push(chunk.slice());
    this.waiting += chunk.length;
    if (this.waiting > WAITING_BYTES && !this.paused) {
      this.paused = true;
      pauseFlow(this.flow);
    }
    this.wake?.();
  }

  end(): void {
    this.over = true;
    this.wake?.();
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.error = error;
    this.end();
  }

  close(): void {
    if (!this.over) abortFlow(this.flow);
    this.over = true;
    this.chunks.length = 0;
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { signal } = this.context;
    const release = signal && onAbort(signal, () => this.fail(cancelled(undefined, signal.reason)));
    try {
      for (;;) {
        const chunk = this.chunks.shift();
        if (chunk !== undefined) {
          this.waiting -= chunk.length;
          if (this.paused && this.waiting <= WAITING_BYTES / 2) {
            this.paused = false;
            resumeFlow(this.flow);
          }
          yield chunk;
        } else if (this.over) {
          if (this.error !== undefined) throw this.error;
          return;
        } else await this.more();
      }
    } finally {
      release?.();
      if (this.error !== undefined) abortFlow(this.flow);
      this.close();
    }
  }

  private more(): Promise<void> {
    const { clock, timeouts } = this.context;
    return new Promise((resolve) => {
      const stop =
        timeouts.idleMs === Number.POSITIVE_INFINITY
          ? undefined
          : clock.after(timeouts.idleMs, () =>
              this.fail(
                new AiLibError({
                  code: "TIMEOUT",
                  phase: "idle",
                  message: `Nothing arrived for idleMs (${timeouts.idleMs} ms)`,
                }),
              ),
            );
      this.wake = () => {
        this.wake = undefined;
        stop?.();
        resolve();
      };
    });
  }
}
