import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { AiLibError, type DialectId, type Observer, observers, systemClock } from "ai-lib";
import { PROMETHEUS_CONTENT_TYPE, prometheusObserver } from "ai-lib/prometheus";
import {
  conversations,
  type NodeOutput,
  type RequestHead,
  type ServedCall,
  serve,
  serverHalves,
} from "ai-lib/serve";
import { formatAccess } from "./access-log.js";
import type { Admission, Ledger, LedgerRow, Principal } from "./admission.js";
import { agentReply } from "./agent-paths.js";
import { type Answering, answerCall } from "./answer-call.js";
import { LiveCalls } from "./live/live-calls.js";
import { formatMetrics } from "./metrics.js";
import type { ModelTable } from "./model-table.js";
import { createServer } from "./node-http.js";
import { RunningCopies } from "./running-copies.js";
import { type Settings, settingsOf } from "./settings.js";
import { type Readiness, type ReloadOutcome, statusReply } from "./status.js";

/** What a gateway is made of. */
export interface GatewayParts {
  readonly table: ModelTable;
  readonly admission: Admission;
  readonly ledger?: Ledger | undefined;
  /** The supported dialects, in the order in which they may read a request. Default: all. */
  readonly dialects?: readonly DialectId[] | undefined;
  readonly observers?: readonly Observer[] | undefined;
  readonly settings?: Settings | undefined;
  /** The revision of the configuration that the parts come from. */
  readonly revision?: string | undefined;
  /** Runs a call in the trace of its client. Default: without a trace. */
  readonly inTrace?: ((head: RequestHead, run: () => void) => void) | undefined;
  /** Serve `/metrics` without a key. Default false. */
  readonly openMetrics?: boolean | undefined;
  /** Takes the lines of the access log. Default: none are written. */
  readonly writeLog?: ((line: string) => void) | undefined;
  /** Called with a fault of the gateway's own code. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Where a gateway listens. */
export interface Address {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Empty segments, and those that URL parsers resolve: a proxy before the gateway may read such a path differently. */
const CROOKED = /\/\/|\/(\.|%2e){1,2}(\/|$)/i;

/**
 * Connections that may wait to be accepted: a burst of clients gets no reset while the event loop is busy. Node's default
 * is 511; the system's own limit (`net.core.somaxconn` of Linux) applies as well.
 */
const BACKLOG = 4_096;

/** A server that answers requests in any dialect with the models of its table. */
export class Gateway {
  /** What the calls of each route do now and did in the last minutes. */
  readonly calls = new LiveCalls();
  private readonly prometheus = prometheusObserver();
  private readonly refused = new Map<number, number>();
  /** State that clients refer to and do not send again. It survives reloads. */
  private readonly conversations = conversations({
    caller: ({ headers }) => principalOf(headers).id,
  });
  private readonly sockets = new Set<Socket>();
  private parts: GatewayParts;
  private listener: Listener = () => undefined;
  private running = 0;
  private draining = false;
  private isCut = false;
  private readonly copies = new RunningCopies();
  private lastReload: ReloadOutcome | undefined;

  private constructor(
    private readonly server: Server,
    parts: GatewayParts,
  ) {
    this.parts = parts;
  }

  /** Starts one. @throws {Error} of `node:net` where the address cannot be used. */
  static async start(parts: GatewayParts, { host, port }: Address): Promise<Gateway> {
    const { headerBytes, headersMs, requestMs, connections } = parts.settings ?? settingsOf();
    const server = createServer({
      maxHeaderSize: headerBytes,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.max(1_000, Math.min(headersMs, requestMs) / 2),
      // Longer than load balancers keep idle connections, so that they close first.
      keepAliveTimeout: 75_000,
      noDelay: true,
    });
    server.maxConnections = connections;
    const gateway = new Gateway(server, parts);
    gateway.listener = await gateway.makeListener(parts);
    server.on("request", (request, response) => gateway.receive(request, response));
    server.on("connection", (socket) => gateway.track(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host, backlog: BACKLOG }, resolve);
    });
    return gateway;
  }

  /** Scheme, host and port. */
  get url(): string {
    const { address, port, family } = this.server.address() as AddressInfo;
    return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** What `/ready` says. */
  get readiness(): Readiness {
    return { draining: this.draining, revision: this.parts.revision, reload: this.lastReload };
  }

  /** Requests that are being answered. */
  get requests(): number {
    return this.running;
  }

  /** Answers new requests with other parts; running requests end with the old ones. */
  async replace(parts: GatewayParts): Promise<void> {
    const listener = await this.makeListener(parts);
    this.parts = parts;
    this.listener = listener;
    this.calls.retain(parts.table.served());
  }

  /** Records the outcome of a reload, for `/ready` and the metrics. */
  noteReload(ok: boolean): void {
    this.lastReload = { at: systemClock.now(), ok };
  }

  /**
   * Stops taking requests, and resolves when the last answer has ended, or after `drainMs`: calls that still run are
   * then aborted.
   */
  async close(): Promise<void> {
    this.draining = true;
    const { settings = settingsOf(), ledger } = this.parts;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const until = systemClock.now() + settings.drainMs;
    const cancel = systemClock.after(settings.drainMs, () => this.server.closeAllConnections());
    await closed;
    cancel();
    await this.copies.end(this.isCut ? 0 : until - systemClock.now());
    await ledger?.close?.();
  }

  /** Stops without waiting for the calls that run. */
  async cut(): Promise<void> {
    this.isCut = true;
    const closed = this.close();
    this.server.closeAllConnections();
    await closed;
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.once("close", () => this.sockets.delete(socket));
  }

  /** Handles a request: answers paths that need no call itself, and counts and logs all requests. */
  private receive(request: IncomingMessage, response: ServerResponse): void {
    const at = systemClock.now();
    const head = { method: request.method ?? "GET", path: pathOf(request.url ?? "/") };
    this.running++;
    response.once("close", () => {
      this.running--;
      // Its connection, which the client keeps open, is idle as soon as this returns.
      if (this.draining) systemClock.after(0, () => this.server.closeIdleConnections());
      this.log(head, response, at);
    });
    if (this.draining) response.shouldKeepAlive = false;
    const status = statusReply(head, this.readiness);
    if (status !== undefined)
      response.writeHead(status.status, { "content-type": "application/json" }).end(status.body);
    else this.listener(request, response);
  }

  private log(
    head: { readonly method: string; readonly path: string },
    response: ServerResponse,
    at: number,
  ): void {
    const row = (response as NotedResponse)[ROW];
    const status = response.headersSent ? response.statusCode : 0;
    if (row === undefined && status >= 400) this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
    if (head.path === "/live" || head.path === "/ready") return;
    const left = !response.writableFinished;
    if (this.parts.writeLog === undefined) return;
    const { method, path } = head;
    const key = (response as NotedResponse)[PRINCIPAL]?.id;
    this.parts.writeLog(
      formatAccess({ at, endedAt: systemClock.now(), method, path, status, left, key, row }),
    );
  }

  private async makeListener(parts: GatewayParts): Promise<Listener> {
    const { table, dialects, observers: more = [], settings = settingsOf(), onError } = parts;
    const observer = more.length === 0 ? this.prometheus : observers([this.prometheus, ...more]);
    const { admission, ledger, inTrace } = parts;
    const { calls } = this;
    const { copies } = this;
    const answering: Answering = { table, admission, ledger, observer, calls, copies, settings, inTrace };
    return serve({
      halves: await serverHalves(dialects),
      maxBodyBytes: settings.bodyBytes,
      receive: (head, { response }) => this.authenticate(parts, head, response),
      ...(settings.conversations && { conversations: this.conversations }),
      models: ({ headers }) => {
        const principal = principalOf(headers);
        return table.list().filter(({ id }) => principal.mayUse?.(id) ?? true);
      },
      handle: (call: ServedCall<NodeOutput>) => {
        const response: NotedResponse = call.reply.output.response;
        return answerCall(call, principalOf(call.http.headers), answering, (row) => {
          response[ROW] = row;
        });
      },
      fallback: (request, output) => {
        if (request.method === "GET" && request.path === "/metrics") {
          output.head(200, { "content-type": PROMETHEUS_CONTENT_TYPE });
          output.end(this.metrics());
          return true;
        }
        const reply = agentReply(request, output.response.req.method === "HEAD");
        if (reply === undefined) return false;
        output.head(reply.status, { "content-type": "application/json" });
        output.end(reply.body);
        return true;
      },
      ...(onError !== undefined && { onError }),
    });
  }

  private metrics(): string {
    const { running, refused, sockets } = this;
    const numbers = {
      ...this.readiness,
      running,
      refused,
      connections: sockets.size,
      ledger: this.parts.ledger?.numbers?.(),
    };
    return formatMetrics(this.prometheus, numbers);
  }

  /** Authenticates a request, before its body is read. */
  private authenticate(
    { admission, settings = settingsOf(), openMetrics }: GatewayParts,
    head: RequestHead,
    response: ServerResponse,
  ): void | Promise<void> {
    if (head.path === "/metrics" && openMetrics === true) return undefined;
    if (CROOKED.test(head.path))
      throw new AiLibError({
        code: "INVALID_REQUEST",
        message: "The path has empty or dot segments",
        local: true,
      });
    if (this.running > settings.calls)
      throw new AiLibError({
        code: "OVERLOADED",
        message: "The gateway answers too many requests",
        local: true,
      });
    const found = admission.authenticate(head, response.socket?.remoteAddress);
    if (found instanceof Promise) return found.then((principal) => notePrincipal(head, response, principal));
    notePrincipal(head, response, found);
    return undefined;
  }
}

/** The property of a request's headers and of its response that holds its principal. A `WeakMap` would cost time in each garbage collection. */
const PRINCIPAL = Symbol("principal");

interface NotedHeaders {
  [PRINCIPAL]?: Principal;
}

function notePrincipal({ headers }: RequestHead, response: NotedResponse, principal: Principal): void {
  (headers as NotedHeaders)[PRINCIPAL] = principal;
  response[PRINCIPAL] = principal;
}

/** The principal of a request. @throws {AiLibError} `AUTH_FAILED` for one that was not authenticated. */
function principalOf(headers: RequestHead["headers"]): Principal {
  const principal = (headers as NotedHeaders)[PRINCIPAL];
  if (principal !== undefined) return principal;
  throw new AiLibError({ code: "AUTH_FAILED", message: "The request was not authenticated", local: true });
}

/** The property of a response that holds the row of its call, for the access log. */
const ROW = Symbol("row");

interface NotedResponse extends ServerResponse {
  [PRINCIPAL]?: Principal;
  [ROW]?: LedgerRow;
}

function pathOf(url: string): string {
  const mark = url.indexOf("?");
  return mark === -1 ? url : url.slice(0, mark);
}
