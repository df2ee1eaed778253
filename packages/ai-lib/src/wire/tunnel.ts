import type { RequestOptions } from "node:http";
import * as https from "node:https";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { AiLibError } from "../core/errors/error.js";
import { networkError } from "./network-error.js";
import { http } from "./node-http.js";
import { SecurePooledAgent } from "./pool.js";
import type { ProxyAddress } from "./proxy.js";

/** Options of a request by which it can close a tunnel that is not established yet. */
export interface TunnelOptions {
  /** Receives, before `CONNECT` is sent, a function that closes the socket of the tunnel. */
  onTunnel?: (close: () => void) => void;
}

/** Node's type requires a socket, but Node reads none where there is an error. */
type Connected = (error: Error | null, socket?: Duplex) => void;

/** An agent whose connections are TLS tunnels through a proxy (`CONNECT`), which stay open like others. */
export class TunnelAgent extends SecurePooledAgent {
  // Private: an agent is printed with the errors of its sockets.
  readonly #proxy: ProxyAddress;

  constructor(proxy: ProxyAddress, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  /** Opens a tunnel and returns it once TLS with the target is established. Node calls it where no tunnel is idle. */
  override createConnection(
    options: RequestOptions & tls.ConnectionOptions & TunnelOptions,
    given?: (error: Error | null, socket: Duplex) => void,
  ): null {
    const done = given as Connected;
    const proxy = this.#proxy;
    const target = `${options.host?.includes(":") === true ? `[${options.host}]` : options.host}:${options.port}`;
    const connect = (proxy.secure ? https : http).request({
      method: "CONNECT",
      hostname: proxy.hostname,
      port: proxy.port,
      path: target,
      headers: {
        host: target,
        connection: "keep-alive",
        ...(proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization }),
      },
      agent: false,
      ...(proxy.secure && options.ca !== undefined ? { ca: options.ca } : {}),
    });
    let socket: Duplex | undefined;
    options.onTunnel?.(() => {
      connect.destroy();
      socket?.destroy();
    });
    connect.once("error", (error) => done(networkError(error, `the proxy ${proxy.label}`, "open")));
    connect.once("connect", (reply, raw, head) => {
      const status = reply.statusCode ?? 0;
      if (status < 200 || status > 299) {
        raw.destroy();
        done(refusal(proxy, status));
        return;
      }
      if (head.length > 0) raw.unshift(head);
      const { path: _path, ...rest } = options as typeof options & { path?: string };
      const secure = tls.connect({ ...rest, socket: raw, ALPNProtocols: ["http/1.1"] });
      socket = secure;
      const failed = (error: Error) => done(error);
      secure.once("error", failed);
      secure.once("secureConnect", () => {
        secure.off("error", failed);
        done(null, secure);
      });
    });
    connect.end();
    return null;
  }
}

/** The error of a proxy that refuses a request. */
export function refusal(proxy: ProxyAddress, status: number): AiLibError {
  return new AiLibError({
    code: "NETWORK_ERROR",
    message:
      status === 407
        ? `The proxy ${proxy.label} wants other credentials (407): check the user and password in the proxy's URL`
        : `The proxy ${proxy.label} refused to connect (${status}): may it reach this host, or should NO_PROXY name it?`,
  });
}
