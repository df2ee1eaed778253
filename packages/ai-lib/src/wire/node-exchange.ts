import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Flow } from "../core/contract/sink.js";
import type { TransportRequest, TransportSink } from "../core/contract/transport.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { BodyWriter } from "./body-writer.js";
import { codingOf, contentDecoder } from "./content-coding.js";
import { connectTimeout, cutShort, networkError, platformCode } from "./network-error.js";
import { type RouteHeaders, replyHeaders } from "./node-headers.js";
import { http } from "./node-http.js";
import type { PooledOptions } from "./pool.js";
import type { ProxyAddress } from "./proxy.js";
import { refusal, type TunnelOptions } from "./tunnel.js";

/** The address of a request, as Node expects it. */
type RouteOptions = Required<Pick<PooledOptions, "hostname" | "port" | "path" | "servername" | "pool">>;

/** How a request is sent. */
export interface Route {
  readonly secure: boolean;
  readonly options: RouteOptions;
  readonly headers: RouteHeaders;
  /** Keeps connections alive. */
  readonly agent: Agent;
  /** Makes a new connection for each request; used after an idle connection turned out to be closed. */
  readonly fresh: () => Agent;
  /** Host and port of the target, for messages. */
  readonly label: string;
  /** The agent connects before it returns its socket, so the connect events of the socket are not visible. */
  readonly hidden: boolean;
  /** Secret values of the address and its proxy, which are masked in errors. */
  readonly secrets: () => readonly string[];
  /** The proxy that sends the request on (plain http). */
  readonly proxy?: ProxyAddress | undefined;
}

/** Error codes of a connection that the server closed while it was idle. */
const STALE_CODES: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);

/** One request on `node:http(s)`, from `open` to its ending. */
export class NodeExchange implements Flow {
  private outgoing: ClientRequest | undefined;
  private body: Readable | undefined;
  private upload: BodyWriter | undefined;
  private closeTunnel: (() => void) | undefined;
  private cancelTimer: (() => void) | undefined;
  private headSeen = false;
  private bytesBefore = 0;
  /** The connection had served another request before. */
  private reused = false;
  private retried = false;
  private paused = false;
  private over = false;

  constructor(
    private readonly route: Route,
    private readonly request: TransportRequest,
    private readonly sink: TransportSink,
  ) {}

  /** Sends the request. */
  begin(agent: Agent = this.route.agent): void {
    const { route, request } = this;
    let outgoing: ClientRequest;
    try {
      const { hostname, port, path, servername, pool } = route.options;
      const options: PooledOptions & TunnelOptions = {
        hostname,
        port,
        path,
        method: request.method,
        headers: route.headers.listFor(request),
        agent,
        servername,
        pool,
      };
      if (route.hidden) {
        options.onTunnel = (close) => {
          this.closeTunnel = close;
        };
      }
      outgoing = (route.secure ? https : http).request(options);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      queueMicrotask(() => this.fail(configError(`The request to ${route.label} cannot be written: ${why}`)));
      return;
    }
    this.outgoing = outgoing;
    if (route.hidden) this.arm();
    // Node emits these events once; `once` would wrap each listener for every call.
    outgoing.on("socket", (socket) => this.onConnect(socket, outgoing));
    outgoing.on("response", (message) => this.respond(message));
    outgoing.on("error", (error) => this.onError(error, outgoing));
    outgoing.on("close", () => {
      if (!this.headSeen) this.onError(undefined, outgoing);
    });
    const { body } = request;
    if (body === undefined) outgoing.end();
    else if (typeof body === "string" || body instanceof Uint8Array) outgoing.end(body);
    else {
      this.upload = new BodyWriter(outgoing);
      this.upload.send(body).catch((error: unknown) => this.fail(AiLibError.from(error, "FILE_ERROR")));
    }
  }

  pause(): void {
    this.paused = true;
    this.body?.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.body?.resume();
  }

  abort(): undefined {
    if (this.over) return;
    this.stop();
  }

  private onConnect(socket: Socket, outgoing: ClientRequest): void {
    this.closeTunnel = undefined;
    this.bytesBefore = outgoing.reusedSocket ? socket.bytesRead : 0;
    this.reused = outgoing.reusedSocket;
    if (!socket.connecting || this.over) {
      this.disarm();
      return;
    }
    if (this.cancelTimer === undefined) this.arm();
    socket.once(this.route.secure ? "secureConnect" : "connect", () => this.disarm());
  }

  private arm(): void {
    const { clock, connectMs } = this.request;
    if (connectMs === Number.POSITIVE_INFINITY) return;
    this.cancelTimer = clock.after(connectMs, () =>
      this.fail(connectTimeout((this.route.proxy ?? this.route).label, connectMs)),
    );
  }

  private disarm(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private respond(message: IncomingMessage): void {
    this.headSeen = true;
    this.disarm();
    if (this.over) return;
    const status = message.statusCode ?? 0;
    if (this.route.proxy !== undefined && status === 407) {
      this.fail(refusal(this.route.proxy, status));
      return;
    }
    const headers = replyHeaders(message);
    const coding = codingOf(headers["content-encoding"]);
    if (coding === "unknown") {
      this.fail(
        new AiLibError({
          code: "INVALID_RESPONSE",
          message: `${this.route.label} answered in a content coding that was not asked for`,
          status,
        }),
      );
      return;
    }
    const decoder = coding === undefined ? undefined : contentDecoder(coding);
    const body: Readable = decoder ?? message;
    this.body = body;
    if (this.paused) body.pause();
    if (coding !== undefined) {
      delete headers["content-encoding"];
      delete headers["content-length"];
    }
    this.deliverHead(status, headers);
    if (this.over) return;
    body.on("data", (chunk: Uint8Array) => this.deliver(chunk));
    body.on("end", () => this.onEnd(message));
    message.on("error", (error) => this.onError(error));
    message.on("close", () => {
      if (!message.complete) this.onError(undefined);
    });
    if (decoder === undefined) return;
    decoder.on("error", (error) => this.onError(error));
    message.pipe(decoder);
  }

  private deliverHead(status: number, headers: Readonly<Record<string, string>>): void {
    try {
      this.sink.head(status, headers);
    } catch (error) {
      this.fail(AiLibError.from(error));
    }
  }

  private deliver(chunk: Uint8Array): void {
    if (this.over) return;
    try {
      this.sink.data(chunk);
    } catch (error) {
      this.fail(AiLibError.from(error));
    }
  }

  private onEnd(message: IncomingMessage): void {
    if (this.over) return;
    if (!message.complete) {
      this.fail(cutShort(this.route.label, "the connection closed"));
      return;
    }
    this.over = true;
    this.disarm();
    // A server may answer before it has read the whole upload; the rest is not needed.
    this.upload?.stop();
    try {
      this.sink.end();
    } catch (error) {
      this.sink.fail(AiLibError.from(error));
    }
  }

  private onError(error: unknown, outgoing?: ClientRequest): void {
    if (this.over || (outgoing !== undefined && outgoing !== this.outgoing)) return;
    if (outgoing !== undefined && this.wasStale(error, outgoing)) {
      this.retried = true;
      this.disarm();
      this.begin(this.route.fresh());
      return;
    }
    const { proxy, label } = this.route;
    const host = this.headSeen || proxy === undefined ? label : `the proxy ${proxy.label}`;
    this.fail(
      AiLibError.is(error)
        ? error
        : networkError(error ?? { code: "ECONNRESET" }, host, this.headSeen ? "body" : "open"),
    );
  }

  /**
   * A server may close a connection at the moment in which it is used again: some close it after each reply without
   * saying so. Where nothing of the reply has arrived and the body can be sent again, sends the same request once more
   * on a new connection, however short a time the old one was idle. A reset on a new connection counts as an attempt.
   */
  private wasStale(error: unknown, outgoing: ClientRequest): boolean {
    const { body } = this.request;
    return (
      !this.retried &&
      !this.headSeen &&
      this.reused &&
      (body === undefined || typeof body === "string" || body instanceof Uint8Array) &&
      STALE_CODES.has(platformCode(error) ?? "") &&
      (outgoing.socket?.bytesRead ?? 0) === this.bytesBefore
    );
  }

  private fail(error: AiLibError): void {
    if (this.over) return;
    this.stop();
    this.sink.fail(error);
  }

  private stop(): void {
    this.over = true;
    this.disarm();
    this.closeTunnel?.();
    this.upload?.stop();
    // An unfinished reply ends with its socket; a decoder has memory of its own.
    this.body?.destroy();
    this.outgoing?.destroy();
  }
}
