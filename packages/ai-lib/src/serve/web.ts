import { joinBytes } from "../core/values/join-bytes.js";
import { answerRequest } from "./answer-request.js";
import type { ServeOptions } from "./options.js";
import type { OutputListener, ReplyOutput } from "./output.js";

/** Bytes of a stream that may wait for the client before the answer is paused. */
const HIGH_WATER = 16 * 1024;

/**
 * The same server for runtimes whose servers map a `Request` to a `Response`: Deno, Bun, workers, the routes of web
 * frameworks. It needs nothing of Node.
 *
 * @example
 * const halves = await serverHalves(["openai-chat"]);
 * export default { fetch: serveWeb({ halves, handle: (call) => relay(call, provider("openai")) }) };
 */
export function serveWeb(options: ServeOptions<WebOutput>): (request: Request) => Promise<Response> {
  return (request) => {
    const url = new URL(request.url);
    const output = new WebOutput(request, request.signal);
    void answerRequest(
      options,
      {
        method: request.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: Object.fromEntries(request.headers),
        body: (limit) => readBody(request.body, limit),
      },
      output,
    );
    return output.response;
  };
}

/** The raw reply of a web server. */
export class WebOutput implements ReplyOutput {
  /** Resolves once the head is there. */
  readonly response: Promise<Response>;
  begun = false;
  closed = false;
  private readonly encoder = new TextEncoder();
  private readonly bodiless: boolean;
  private settle: { resolve(response: Response): void; reject(error: unknown): void } | undefined;
  private body: ReadableStreamDefaultController<Uint8Array> | undefined;
  private listener: OutputListener | undefined;
  private full = false;
  private signal: AbortSignal | undefined;
  private onAbort: (() => void) | undefined;

  constructor({ method }: { readonly method: string }, signal: AbortSignal | undefined) {
    this.bodiless = method === "HEAD";
    this.response = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    if (signal === undefined) return;
    this.signal = signal;
    this.onAbort = () => this.leave(signal.reason);
    signal.addEventListener("abort", this.onAbort, { once: true });
  }

  /** Pauses the answer until the body is pulled, so that the client gets the response before more is decoded. */
  head(status: number, headers: Readonly<Record<string, string>>): boolean {
    if (this.begun || this.closed) return true;
    this.begun = true;
    this.full = true;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.body = controller;
        },
        pull: () => {
          if (!this.full) return;
          this.full = false;
          this.listener?.drained();
        },
        cancel: (reason) => this.leave(reason),
      },
      { highWaterMark: HIGH_WATER, size: (chunk) => chunk?.byteLength ?? 0 },
    );
    this.settle?.resolve(new Response(this.bodiless ? null : body, { status, headers }));
    return false;
  }

  /** The head is with the client already. */
  flush(): void {}

  write(chunk: string | Uint8Array): boolean {
    if (this.closed || this.bodiless || chunk.length === 0) return true;
    this.body?.enqueue(typeof chunk === "string" ? this.encoder.encode(chunk) : chunk);
    if ((this.body?.desiredSize ?? 1) <= 0) this.full = true;
    return !this.full;
  }

  end(chunk?: string | Uint8Array): void {
    if (this.closed) return;
    if (chunk !== undefined) this.write(chunk);
    this.close();
    if (!this.bodiless) this.body?.close();
  }

  destroy(): void {
    if (this.closed) return;
    this.close();
    const error = new Error("The reply broke off");
    if (this.begun) this.body?.error(error);
    else this.rejectWith(error);
  }

  listen(listener: OutputListener): void {
    this.listener = listener;
  }

  /** Settles the response of a client that left before the head. Nothing reads this one. */
  protected abandon(_reason: unknown): void {
    this.settle?.resolve(new Response(null, { status: 499 }));
  }

  protected rejectWith(error: unknown): void {
    this.settle?.reject(error);
  }

  private leave(reason: unknown): void {
    if (this.closed) return;
    this.close();
    if (this.begun) this.body?.error(reason);
    else this.abandon(reason);
    this.listener?.left();
  }

  /** A signal may outlive many replies, so that nothing stays registered with it. */
  private close(): void {
    this.closed = true;
    if (this.onAbort !== undefined) this.signal?.removeEventListener("abort", this.onAbort);
  }
}

/** The body; undefined for one that is too long, the rest of which is not read. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null | undefined,
  limit: number,
): Promise<Uint8Array | undefined> {
  if (body == null) return new Uint8Array(0);
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    size += step.value.length;
    if (size > limit) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(step.value);
  }
  return joinBytes(chunks, size);
}
