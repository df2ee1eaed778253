import type { Transform } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { AiLibError, type Flow, type Transport, type TransportRequest, type TransportSink } from "ai-lib";
import type { Dispatcher } from "undici";
import Agent from "undici/lib/dispatcher/agent.js";

/** Variables that name a proxy: requests then go through the transport of ai-lib, which knows proxies. */
const PROXY_VARIABLES = ["AI_PROXY_URL", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

/** Milliseconds for which an idle connection stays open: less than at common load balancers. */
const IDLE_MS = 30_000;

/** Codes of a connection that the server closed while it was idle. */
const STALE_CODES: ReadonlySet<string> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/** Whether the environment asks for a proxy, which {@link undiciTransport} does not know. */
export function hasProxy(environment: NodeJS.ProcessEnv): boolean {
  return PROXY_VARIABLES.some((name) => (environment[name] ?? environment[name.toLowerCase()] ?? "") !== "");
}

/** Silence is the call's own affair: it has timeouts for each phase. */
const PATIENT = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0 } } as const;

/**
 * A transport on undici, which takes less time for each request than `node:http`. It does not support proxies.
 * Connections stay open; redirects are not followed; a paused flow stops reading; an abort closes the connection.
 */
export function undiciTransport(): Transport {
  return new UndiciTransport();
}

/** Addresses that are cached; a gateway has a few. */
const MAX_PLACES = 256;

/** Where a request goes. */
interface Place {
  readonly origin: string;
  readonly path: string;
}

class UndiciTransport implements Transport {
  /** Connections that were made so far. */
  connects = 0;
  readonly agent = new Agent({ ...PATIENT, keepAliveTimeout: IDLE_MS });
  /** Makes a new connection for each request. */
  readonly fresh = new Agent({ ...PATIENT, pipelining: 0 });

  /** By address, since parsing one for every call takes measurable time. */
  private readonly places = new Map<string, Place>();

  constructor() {
    this.agent.on("connect", () => {
      this.connects++;
    });
  }

  /** @throws {TypeError} for an address that is no URL */
  placeOf(url: string): Place {
    let place = this.places.get(url);
    if (place === undefined) {
      const { origin, pathname, search } = new URL(url);
      place = { origin, path: pathname + search };
      if (this.places.size >= MAX_PLACES) this.places.clear();
      this.places.set(url, place);
    }
    return place;
  }

  open(request: TransportRequest, sink: TransportSink): Flow {
    const exchange = new UndiciExchange(this, request, sink);
    queueMicrotask(() => exchange.begin());
    return exchange;
  }

  async close(): Promise<void> {
    await Promise.all([this.agent.close(), this.fresh.close()]);
  }
}

/** One request and its reply. */
class UndiciExchange implements Flow, Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private decoder: Transform | undefined;
  private cancelTimer: (() => void) | undefined;
  private connectsBefore = 0;
  /** The request is on a connection. */
  private started = false;
  private headSeen = false;
  private retried = false;
  private paused = false;
  private over = false;

  constructor(
    private readonly transport: UndiciTransport,
    private readonly request: TransportRequest,
    private readonly sink: TransportSink,
  ) {}

  begin(agent = this.transport.agent): void {
    if (this.over) return;
    const { url, method, headers, body } = this.request;
    this.connectsBefore = this.transport.connects;
    this.started = false;
    try {
      const { origin, path } = this.transport.placeOf(url);
      agent.dispatch(
        {
          origin,
          path,
          method: method as Dispatcher.HttpMethod,
          headers: { "accept-encoding": method === "GET" ? "gzip" : "identity", ...headers },
          ...(body !== undefined && { body: body as string | Uint8Array }),
        },
        this,
      );
    } catch (error) {
      this.fail(this.networkError(error));
    }
    // A request on a connection that exists has started by now.
    if (!this.started && !this.over) this.arm();
  }

  private arm(): void {
    const { clock, connectMs } = this.request;
    if (connectMs !== Number.POSITIVE_INFINITY)
      this.cancelTimer = clock.after(connectMs, () => this.fail(this.connectTimeout()));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.started = true;
    this.cancelTimer?.();
    this.controller = controller;
    if (this.over) controller.abort(new Error("aborted"));
    else if (this.paused) controller.pause();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    given: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (this.over || status < 200) return;
    this.headSeen = true;
    const headers = plainHeaders(given);
    const decoder = decoderFor(headers["content-encoding"]);
    if (decoder === null) {
      this.fail(
        new AiLibError({
          code: "INVALID_RESPONSE",
          message: `${this.host} answered in a content coding that was not asked for`,
          status,
        }),
      );
      return;
    }
    if (decoder !== undefined) {
      delete headers["content-encoding"];
      delete headers["content-length"];
      this.decodeWith(decoder);
    }
    this.guard(() => this.sink.head(status, headers));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over) return;
    if (this.decoder !== undefined) this.decoder.write(chunk);
    else this.guard(() => this.sink.data(chunk));
  }

  onResponseEnd(): void {
    if (this.decoder !== undefined) this.decoder.end();
    else this.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.over) return;
    if (this.wasStale(error)) {
      this.retried = true;
      this.cancelTimer?.();
      this.begin(this.transport.fresh);
    } else this.fail(this.networkError(error));
  }

  pause(): void {
    this.paused = true;
    this.controller?.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.controller?.resume();
  }

  abort(): undefined {
    if (!this.over) this.stop();
  }

  private decodeWith(decoder: Transform): void {
    this.decoder = decoder;
    decoder.on("data", (chunk: Uint8Array) => {
      if (!this.over) this.guard(() => this.sink.data(chunk));
    });
    decoder.on("end", () => this.end());
    decoder.on("error", (error) => this.fail(this.networkError(error)));
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    this.cancelTimer?.();
    try {
      this.sink.end();
    } catch (error) {
      this.sink.fail(AiLibError.from(error));
    }
  }

  /**
   * A server may close a connection at the moment in which it is used again. Where nothing of the reply has arrived, the
   * body can be sent again and no connection was made since, sends the same request once more on a new one. A reset on a new connection counts as an attempt.
   */
  private wasStale(error: Error): boolean {
    const { code } = error as NodeJS.ErrnoException;
    const { body } = this.request;
    return (
      !this.retried &&
      (body === undefined || typeof body === "string" || body instanceof Uint8Array) &&
      !this.headSeen &&
      this.connectsBefore === this.transport.connects &&
      STALE_CODES.has(code ?? "")
    );
  }

  /** An exception of the sink ends the exchange as its failure. */
  private guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fail(AiLibError.from(error));
    }
  }

  private fail(error: AiLibError): void {
    if (this.over) return;
    this.stop();
    this.sink.fail(error);
  }

  private stop(): void {
    this.over = true;
    this.cancelTimer?.();
    this.decoder?.destroy();
    this.controller?.abort(new Error("aborted"));
  }

  private get host(): string {
    return URL.canParse(this.request.url) ? new URL(this.request.url).host : "the address";
  }

  private connectTimeout(): AiLibError {
    return new AiLibError({
      code: "NETWORK_ERROR",
      phase: "connect",
      message: `No connection to ${this.host} within connectMs (${this.request.connectMs} ms); is the host reachable?`,
    });
  }

  private networkError(error: unknown): AiLibError {
    const { code } = error as NodeJS.ErrnoException;
    const what = this.headSeen
      ? `The reply of ${this.host} was cut before its end`
      : `No reply from ${this.host}; check that it runs and that the base URL is right`;
    return new AiLibError({
      code: code?.startsWith("HPE_") === true && !this.headSeen ? "INVALID_RESPONSE" : "NETWORK_ERROR",
      message: code === undefined ? what : `${what} (${code})`,
      cause: error,
    });
  }
}

/** Headers by name, without cookies, which are secrets. */
function plainHeaders(
  given: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in given) {
    const value = given[name];
    if (value !== undefined && name !== "set-cookie" && name !== "set-cookie2")
      headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return headers;
}

/** What decodes a content coding; undefined for none, null for an unknown one. */
function decoderFor(coding: string | undefined): Transform | undefined | null {
  switch (coding?.trim().toLowerCase()) {
    case undefined:
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip({ flush: constants.Z_SYNC_FLUSH });
    case "deflate":
      return createInflate({ flush: constants.Z_SYNC_FLUSH });
    case "br":
      return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return null;
  }
}
