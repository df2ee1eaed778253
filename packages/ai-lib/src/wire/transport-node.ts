import type * as http from "node:http";
import type * as https from "node:https";
import { isIP } from "node:net";
import { type Flow, failLater } from "../core/contract/sink.js";
import type { Transport, TransportRequest, TransportSink } from "../core/contract/transport.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import type { Environment } from "../core/values/environment.js";
import { parseEndpoint } from "./endpoint.js";
import { NodeExchange, type Route } from "./node-exchange.js";
import { RouteHeaders } from "./node-headers.js";
import { PooledAgent, SecurePooledAgent } from "./pool.js";
import { bareHost, environmentProxy, type ProxyRule, parseProxy } from "./proxy.js";
import { TunnelAgent } from "./tunnel.js";

/** Options of {@link nodeTransport}. */
export interface NodeTransportOptions {
  /**
   * A proxy for every request (`http://user:password@host:port`), or `false` for none. Default: that of the environment
   * (`AI_PROXY_URL`, `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`), except for hosts in `NO_PROXY` and localhost.
   */
  readonly proxy?: string | false | undefined;
  /** Simultaneous connections to one origin; further requests wait. Default: no limit. */
  readonly maxSockets?: number | undefined;
  /** Milliseconds for which an idle connection stays open. Default 30,000: less than at common load balancers. */
  readonly idleSocketMs?: number | undefined;
  /** Certificate authorities to trust instead of those of Node, in PEM. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** An agent of your own for all requests. It decides about proxies, limits and TLS. */
  readonly agent?: http.Agent | undefined;
  /** Environment variables to read. Default `process.env`. */
  readonly environment?: Environment | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "proxy",
  "maxSockets",
  "idleSocketMs",
  "ca",
  "agent",
  "environment",
] satisfies (keyof NodeTransportOptions)[]);

const DEFAULT_IDLE_SOCKET_MS = 30_000;

/** Addresses whose routes are cached; a program has a few. */
const MAX_ROUTES = 256;

/**
 * Milliseconds for each of several addresses of a host before the next one is tried. The default of Node, 250, is too
 * short for distant hosts (nodejs/node#54359). Node tries IPv6 and IPv4 in turn, all of them; the last one has the
 * whole `connectMs`.
 */
const ADDRESS_ATTEMPT_MS = 1_000;

/**
 * A transport on `node:http(s)`: connections are kept alive, a paused flow stops reading, an abort destroys the socket.
 * GET requests accept gzip, since lists of models are long. POST requests ask for an uncompressed reply unless their
 * headers say otherwise: a compressor delays the events of a stream, and decoding a few kilobytes takes longer than
 * their transfer. Compressed replies are decoded in any case (gzip, deflate, br). An exception of the sink ends the
 * exchange as its `fail`.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown or contradictory option.
 */
export function nodeTransport(options: NodeTransportOptions = {}): Transport {
  return new NodeTransport(options);
}

let shared: Transport | undefined;

/** The transport of everything without one of its own: made at first use, shared by the process. */
export function defaultTransport(): Transport {
  shared ??= nodeTransport();
  return shared;
}

/** A transport through one proxy, or through none (`false`), whatever the environment variables say. */
export function transportThrough(proxy: string | false): Transport {
  return nodeTransport({ proxy });
}

class NodeTransport implements Transport {
  readonly #agents = new Map<string, http.Agent>();
  readonly #agentOptions: https.AgentOptions;
  readonly #ownAgent: http.Agent | undefined;
  readonly #environment: Environment;
  #rule: ProxyRule | undefined;
  /** By address. Parsing an address for every call would cost measurable time. */
  readonly #routes = new Map<string, Route>();

  constructor(options: NodeTransportOptions) {
    refuseUnknown("transport option", options, OPTION_NAMES);
    const { proxy, agent, maxSockets, idleSocketMs, ca } = options;
    if (
      agent !== undefined &&
      (proxy || maxSockets !== undefined || idleSocketMs !== undefined || ca !== undefined)
    )
      throw configError(
        "An agent of your own decides about proxy, maxSockets, idleSocketMs and ca; set them on the agent",
      );
    if (maxSockets !== undefined && !(maxSockets >= 1))
      throw configError(`maxSockets must be 1 or more, not ${maxSockets}`);
    if (idleSocketMs !== undefined && !(idleSocketMs >= 0))
      throw configError(`idleSocketMs must be 0 or more milliseconds, not ${idleSocketMs}`);
    this.#ownAgent = agent;
    this.#environment = options.environment ?? process.env;
    if (typeof proxy === "string") {
      const parsed = parseProxy(proxy, "The proxy option");
      this.#rule = () => parsed;
    } else if (proxy === false || agent !== undefined) {
      this.#rule = () => undefined;
    }
    const idle = idleSocketMs ?? DEFAULT_IDLE_SOCKET_MS;
    this.#agentOptions = {
      keepAlive: idle > 0,
      // Node takes 0 as no limit.
      ...(idle > 0 && idle !== Number.POSITIVE_INFINITY ? { timeout: idle } : {}),
      ...(maxSockets === undefined ? {} : { maxSockets }),
      ...(ca === undefined ? {} : { ca: ca as string | Buffer | (string | Buffer)[] }),
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    };
  }

  open(request: TransportRequest, sink: TransportSink): Flow {
    let route: Route;
    try {
      route = this.#routes.get(request.url) ?? this.addRoute(request.url);
    } catch (error) {
      return failLater(sink, AiLibError.from(error, "CONFIG_ERROR"));
    }
    const exchange = new NodeExchange(route, request, sink);
    exchange.begin();
    return exchange;
  }

  /** The credentials of the proxy for an address, and of the address itself. */
  secrets(address: string): readonly string[] {
    return this.#routes.get(address)?.secrets() ?? [];
  }

  async close(): Promise<void> {
    for (const agent of this.#agents.values()) {
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    }
  }

  private addRoute(address: string): Route {
    const route = this.route(address);
    if (this.#routes.size >= MAX_ROUTES) this.#routes.clear();
    this.#routes.set(address, route);
    return route;
  }

  private route(address: string): Route {
    const url = parseEndpoint(address);
    const secure = url.protocol === "https:";
    this.#rule ??= environmentProxy(this.#environment);
    const proxy = this.#rule(url);
    const label = url.host;
    const headers: Readonly<Record<string, string>> = {
      host: url.host,
      ...(url.username === "" && url.password === "" ? {} : { authorization: basicAuthorization(url) }),
    };
    const direct = {
      secure,
      options: {
        ...serverAt(bareHost(url.hostname), url.port === "" ? (secure ? 443 : 80) : url.port),
        path: url.pathname + url.search,
      },
      headers: new RouteHeaders(headers),
      label,
      secrets: () => [...credentialsOf(url), ...(proxy?.secrets() ?? [])],
    };
    if (proxy === undefined) {
      const agent = this.#ownAgent ?? this.agent(secure ? "https" : "http", () => this.plain(secure, true));
      const fresh = this.#ownAgent === undefined ? () => this.plain(secure, false) : () => agent;
      return { ...direct, agent, fresh, hidden: this.#ownAgent !== undefined };
    }
    if (secure) {
      const agent = this.agent(`tunnel ${proxy.key}`, () => new TunnelAgent(proxy, this.#agentOptions));
      const fresh = () => new TunnelAgent(proxy, { ...this.#agentOptions, keepAlive: false });
      return { ...direct, agent, fresh, hidden: true };
    }
    return {
      ...direct,
      secure: proxy.secure,
      options: {
        ...serverAt(proxy.hostname, proxy.port),
        path: `http://${url.host}${url.pathname}${url.search}`,
      },
      headers: new RouteHeaders({
        ...headers,
        ...(proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization }),
      }),
      agent: this.agent(proxy.secure ? "https" : "http", () => this.plain(proxy.secure, true)),
      fresh: () => this.plain(proxy.secure, false),
      hidden: false,
      proxy,
    };
  }

  private agent(key: string, make: () => http.Agent): http.Agent {
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = make();
      this.#agents.set(key, agent);
    }
    return agent;
  }

  private plain(secure: boolean, keepAlive: boolean): http.Agent {
    const options = keepAlive ? this.#agentOptions : { ...this.#agentOptions, keepAlive };
    return secure ? new SecurePooledAgent(options) : new PooledAgent(options);
  }
}

/** The server to connect to, with what Node would compute for every request: the name for TLS and the pool. */
function serverAt(hostname: string, port: string | number) {
  return { hostname, port, servername: isIP(hostname) === 0 ? hostname : "", pool: `${hostname}:${port}` };
}

/** The credentials of a URL as they are sent; none where it has none. */
function credentialsOf(url: URL): string[] {
  if (url.username === "" && url.password === "") return [];
  const password = decodeURIComponent(url.password);
  return [password, `${decodeURIComponent(url.username)}:${password}`];
}

/** The credentials of a URL, as the value of a header. */
function basicAuthorization(url: URL): string {
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`;
}
