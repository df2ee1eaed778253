import type { Flow } from "../core/contract/sink.js";
import type { Transport, TransportRequest, TransportSink } from "../core/contract/transport.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { isCookieHeader } from "../core/values/cookies.js";
import { parseEndpoint } from "./endpoint.js";

/** The part of `fetch` that the transport uses. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/**
 * A transport on `fetch`, for workers, browsers, Deno, Bun, and a `fetch` of your own. It needs nothing of Node. Its
 * limits are those of `fetch`: `connectMs` has no effect, since `fetch` does not tell when a connection is established;
 * a browser hides the status of a redirect (reported as 302) and may not stream the body of a request; a compressed body
 * without a length that is cut off may pass as complete (undici); the platform decides about proxies.
 * A paused flow stops reading, an abort cancels the request, an exception of the sink ends the exchange as its `fail`.
 */
export function fetchTransport(fetch: Fetch = platformFetch): Transport {
  return {
    open(request, sink) {
      const exchange = new FetchExchange(fetch, request, sink);
      void exchange.run();
      return exchange;
    },
  };
}

let shared: Transport | undefined;

/** The transport of everything without one of its own: made at first use, shared by the process. */
export function defaultTransport(): Transport {
  shared ??= fetchTransport();
  return shared;
}

/**
 * The counterpart of Node's function: without a proxy it returns the shared transport.
 * @throws {AiLibError} `CONFIG_ERROR` for a proxy, since `fetch` has no option for one.
 */
export function transportThrough(proxy: string | false): Transport {
  if (proxy === false) return defaultTransport();
  throw configError("A proxy can be set on Node alone; elsewhere it is the platform's affair");
}

// Read for each call, so that a fetch which is replaced later (tracing, tests) is used.
const platformFetch: Fetch = (input, init) => globalThis.fetch(input, init);

class FetchExchange implements Flow {
  private readonly controller = new AbortController();
  private reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private upload: AsyncIterator<Uint8Array> | undefined;
  private paused = false;
  private over = false;
  private wake: (() => void) | undefined;
  private headSeen = false;

  constructor(
    private readonly fetch: Fetch,
    private readonly request: TransportRequest,
    private readonly sink: TransportSink,
  ) {}

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.wake?.();
    this.wake = undefined;
  }

  abort(): undefined {
    if (this.over) return;
    this.stop();
  }

  async run(): Promise<void> {
    // The sink must not be called before open has returned.
    await undefined;
    if (this.over) return;
    let label = "the provider";
    try {
      const url = parseEndpoint(this.request.url);
      label = url.host;
      await this.exchange(url);
    } catch (error) {
      this.fail(AiLibError.is(error) ? error : await this.networkError(error, label));
    }
  }

  /** The error of a failure of the network, with advice where the code for it can be loaded. */
  private async networkError(cause: unknown, label: string): Promise<AiLibError> {
    try {
      const { networkError } = await import("./network-error.js");
      return networkError(cause, label, this.headSeen ? "body" : "open");
    } catch {
      return new AiLibError({ code: "NETWORK_ERROR", message: `No whole reply from ${label}`, cause });
    }
  }

  private async exchange(url: URL): Promise<void> {
    const { method, headers, body } = this.request;
    const sent: RequestInit =
      body === undefined
        ? {}
        : typeof body === "string" || body instanceof Uint8Array
          ? { body: body as string | Uint8Array<ArrayBuffer> }
          : await this.piecesOf(body);
    if (this.over) return;
    let init: RequestInit;
    try {
      init = {
        method,
        headers: new Headers(headers as Record<string, string>),
        redirect: "manual",
        signal: this.controller.signal,
        ...sent,
      };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw configError(`The request to ${url.host} cannot be written: ${why}`);
    }
    const response = await this.fetch(url.href, init);
    this.headSeen = true;
    if (this.over) {
      void response.body?.cancel().catch(() => {});
      return;
    }
    const status = response.type === "opaqueredirect" ? 302 : response.status;
    try {
      this.sink.head(status, headersOf(response));
    } catch (error) {
      this.fail(AiLibError.from(error));
    }
    await this.read(response, url.host);
  }

  private async read(response: Response, label: string): Promise<void> {
    const announced = response.headers.get("content-encoding") === null ? length(response) : undefined;
    let received = 0;
    if (response.body !== null && !this.over) {
      const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
      this.reader = reader;
      for (;;) {
        if (this.paused) await this.waitForResume();
        if (this.over) return;
        const step = await reader.read();
        if (this.over) return;
        if (step.done) break;
        received += step.value.byteLength;
        try {
          this.sink.data(step.value);
        } catch (error) {
          this.fail(AiLibError.from(error));
        }
        if (this.over) return;
      }
      if (this.paused) await this.waitForResume();
    }
    if (this.over) return;
    // Not every platform reports it: a body shorter than announced was cut off.
    if (announced !== undefined && received < announced && response.body !== null) {
      const { cutShort } = await import("./network-error.js");
      throw cutShort(label, `${received} of ${announced} bytes came`);
    }
    this.over = true;
    this.stopUpload();
    try {
      this.sink.end();
    } catch (error) {
      this.sink.fail(AiLibError.from(error));
    }
  }

  /** The body as `fetch` expects it; pieces are read one by one, as fast as they are sent. */
  private async piecesOf(body: AsyncIterable<Uint8Array>): Promise<RequestInit> {
    const { uploadOf } = await import("./fetch-upload.js");
    const chunks = body[Symbol.asyncIterator]();
    this.upload = chunks;
    // Aborted while the code was loaded.
    if (this.over) this.stopUpload();
    return uploadOf(chunks, (error) => {
      this.upload = undefined;
      // The platform would report a failed request, but the source of the body failed.
      if (error !== undefined) this.fail(error);
    });
  }

  private stopUpload(): void {
    const { upload } = this;
    this.upload = undefined;
    // The body's own clean-up may fail; the call has already ended.
    if (upload?.return !== undefined) void Promise.resolve(upload.return()).catch(() => {});
  }

  private waitForResume(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private fail(error: AiLibError): void {
    if (this.over) return;
    this.stop();
    this.sink.fail(error);
  }

  private stop(): void {
    this.over = true;
    this.wake?.();
    this.wake = undefined;
    this.stopUpload();
    this.controller.abort();
    // Some platforms keep the connection until the body is cancelled as well.
    void this.reader?.cancel().catch(() => {});
  }
}

function length(response: Response): number | undefined {
  const header = response.headers.get("content-length");
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** The headers of a reply, without cookies and without the coding that the platform has decoded. */
function headersOf(response: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  const decoded = response.headers.get("content-encoding") !== null;
  response.headers.forEach((value, name) => {
    if (name === "__proto__" || isCookieHeader(name)) return;
    if (decoded && (name === "content-encoding" || name === "content-length")) return;
    headers[name] = value;
  });
  return headers;
}
