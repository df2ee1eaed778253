import { randomBytes } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Server as TlsServer } from "node:tls";
import { systemClock } from "ai-lib";
import { isLoopback } from "../loopback.js";
import { createServer } from "../node-http.js";
import { AdminCall } from "./admin-call.js";
import { AuditTrail } from "./audit-trail.js";
import { ChangeBudget } from "./change-budget.js";
import { AdminError } from "./errors.js";
import { Idempotency } from "./idempotency.js";
import type { AdminParts } from "./parts.js";
import { Router } from "./router.js";
import { type AdminSettings, hostOf } from "./settings.js";
import { Streams } from "./streams.js";
import { ROUTES } from "./table.js";

/** The parts of an admin server besides its settings. */
export interface AdminServerOptions {
  /** Makes the parts of a server whose origin is known. */
  readonly parts: (origin: string) => AdminParts;
  /** Takes one line of JSON for each request. Default: none are written. */
  readonly writeLog?: ((line: string) => void) | undefined;
  /** Called with a fault of the gateway's own code. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/**
 * The server of the admin API. It listens on a separate address: a client of the gateway cannot reach it through a path
 * that two programs read differently, many calls do not use up its connections, and cookies of people are never sent to
 * the address of the models.
 */
export class AdminServer {
  private readonly router = new Router(ROUTES);
  private readonly idempotency = new Idempotency();
  private readonly streams = new Streams();
  private readonly trail = new AuditTrail();
  private budget: ChangeBudget;
  private parts: AdminParts | undefined;

  private constructor(
    private readonly server: Server,
    private settings: AdminSettings,
    private options: AdminServerOptions,
  ) {
    this.budget = new ChangeBudget(settings.changesPerMinute);
  }

  /** Starts one. @throws {Error} of `node:net` where the address cannot be used, */
  static async start(settings: AdminSettings, options: AdminServerOptions): Promise<AdminServer> {
    const common = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 30_000 };
    const { tls, address } = settings;
    const server =
      tls === undefined
        ? createServer(common)
        : createTlsServer({ ...common, ...tls, minVersion: "TLSv1.2" });
    server.maxConnections = 512;
    const admin = new AdminServer(server, settings, options);
    server.on("request", (request, response) => void admin.receive(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(address.port, address.host, resolve);
    });
    admin.parts = options.parts(admin.origin);
    return admin;
  }

  /** Scheme, host and port at which it listens. */
  get url(): string {
    const { address, port, family } = this.server.address() as AddressInfo;
    const scheme = this.settings.tls === undefined ? "http" : "https";
    return `${scheme}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** Its origin, as browsers see it. */
  get origin(): string {
    return this.settings.publicUrl?.origin ?? this.url;
  }

  /** Applies a configuration after a reload. The address does not change; new connections get the new certificate. */
  replace(settings: AdminSettings, options: AdminServerOptions): void {
    const { address, tls } = this.settings;
    const renewed = settings.tls;
    if (this.server instanceof TlsServer && renewed !== undefined)
      this.server.setSecureContext({ ...renewed, minVersion: "TLSv1.2" });
    this.settings = { ...settings, address, tls: renewed ?? tls };
    this.options = options;
    this.budget = new ChangeBudget(settings.changesPerMinute);
    this.parts = options.parts(this.origin);
  }

  /** Stops taking requests, ends streams, and resolves when the last answer has ended. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.streams.close();
    this.server.closeIdleConnections();
    const cancel = systemClock.after(5_000, () => this.server.closeAllConnections());
    await closed;
    cancel();
    if (this.parts !== undefined)
      await this.trail
        .flush(this.parts.audit, (error) => this.options.onError?.(error))
        .catch(() => undefined);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { parts, settings } = this;
    const at = systemClock.now();
    const id = `req_${randomBytes(9).toString("base64url")}`;
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (settings.tls !== undefined) response.setHeader("strict-transport-security", "max-age=31536000");
    response.setHeader("x-request-id", id);
    if (parts === undefined) {
      response.writeHead(503).end();
      return;
    }
    const { router, idempotency, streams, trail, budget } = this;
    const call = new AdminCall(request, response, {
      ...{ id, at, parts, router, idempotency, streams, trail, budget },
      onError: (error) => this.options.onError?.(error),
      isKnown: (headers) => this.parts?.auth.identify(headers, systemClock.now()) !== undefined,
    });
    response.once("close", () => this.options.writeLog?.(call.logLine()));
    await call.answer(() => this.checkHost(request.headers.host));
  }

  /**
   * Refuses requests that name another host, which protects against DNS rebinding by a page of another site. Beyond
   * loopback, hosts are checked if `publicUrl` is set.
   */
  private checkHost(given: string | undefined): void {
    const { publicUrl, address } = this.settings;
    const text = `http://${given ?? ""}`;
    const host = given !== undefined && URL.canParse(text) ? hostOf(new URL(text)) : undefined;
    const own = publicUrl === undefined ? undefined : hostOf(publicUrl);
    const right = isLoopback(address.host)
      ? host !== undefined && (isLoopback(host) || host === own)
      : own === undefined || host === own || host === address.host;
    if (!right) throw new AdminError("wrong_host", "The Host header names another host");
  }
}
