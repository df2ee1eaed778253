import { BlockList, isIP } from "node:net";
import { configError } from "../core/errors/error.js";
import type { Environment } from "../core/values/environment.js";

/** A proxy for requests. */
export interface ProxyAddress {
  /** Host and port, for messages. */
  readonly label: string;
  /** Identifies the proxy, including its credentials. Secret. */
  readonly key: string;
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The `Proxy-Authorization` header, where the proxy's URL has credentials. */
  readonly authorization: string | undefined;
  /** The secret values of its URL: the password, and the user with the password. */
  readonly secrets: () => readonly string[];
}

/** Returns the proxy for an address; undefined for none. */
export type ProxyRule = (url: URL) => ProxyAddress | undefined;

/**
 * Reads a proxy's URL: `http://user:password@host:port`, `https://...`, or `host:port` alone.
 * @param name where it was set, for the error message.
 * @throws {AiLibError} `CONFIG_ERROR`, without the URL itself, which may hold a password.
 */
export function parseProxy(value: string, name: string): ProxyAddress {
  let url: URL;
  try {
    url = new URL(value.includes("://") ? value : `http://${value}`);
    decodeURIComponent(url.username + url.password);
  } catch {
    throw configError(
      `${name} is malformed; a proxy looks like http://host:port or http://user:password@host:port`,
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw configError(
      `${name} names a ${url.protocol.slice(0, -1)} proxy; only http and https proxies are spoken`,
    );
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const password = decodeURIComponent(url.password);
  const credentials = `${decodeURIComponent(url.username)}:${password}`;
  return {
    label: `${url.hostname}:${port}`,
    key: `${url.protocol}//${url.username}:${url.password}@${url.hostname}:${port}`,
    secure,
    hostname: bareHost(url.hostname),
    port,
    authorization:
      credentials === ":" ? undefined : `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`,
    secrets: () => (credentials === ":" ? [] : [password, credentials]),
  };
}

/**
 * The proxies that environment variables name: `AI_PROXY_URL` for everything, else `HTTPS_PROXY` or `HTTP_PROXY` by
 * scheme, else `ALL_PROXY`, each also in lower case, except for hosts in `NO_PROXY` and localhost.
 * @throws {AiLibError} `CONFIG_ERROR` for a malformed value.
 */
export function environmentProxy(environment: Environment): ProxyRule {
  const read = (...names: readonly string[]): ProxyAddress | undefined => {
    for (const name of names) {
      const value = environment[name]?.trim();
      if (value !== undefined && value !== "") return parseProxy(value, name);
    }
    return undefined;
  };
  const secure = read("AI_PROXY_URL", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy");
  const plain = read("AI_PROXY_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy");
  if (secure === undefined && plain === undefined) return () => undefined;
  const exempt = exemption(environment["NO_PROXY"] ?? environment["no_proxy"] ?? "");
  return (url) => (exempt(url) ? undefined : url.protocol === "https:" ? secure : plain);
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/**
 * Reads `NO_PROXY`, separated by commas or spaces: `*`; a name, which includes its subdomains (a leading dot or `*.`
 * changes nothing); a name or address with `:port`; an address; a subnet such as `10.0.0.0/8`.
 */
function exemption(list: string): (url: URL) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "");
  const everything = entries.includes("*");
  const blocked = new BlockList();
  const names: { name: string; port: string | undefined }[] = [];
  for (const entry of entries) {
    const [address = "", prefix] = entry.replace(/^\[|\]$/g, "").split("/");
    const family = isIP(address);
    if (family === 0) {
      const [, name = "", port] = /^(?:\*?\.)?(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      names.push({ name: bareHost(name), port });
    } else if (prefix === undefined) {
      blocked.addAddress(address, family === 4 ? "ipv4" : "ipv6");
    } else if (Number(prefix) >= 0 && Number(prefix) <= (family === 4 ? 32 : 128)) {
      blocked.addSubnet(address, Number(prefix), family === 4 ? "ipv4" : "ipv6");
    }
  }
  return (url) => {
    const host = bareHost(url.hostname.toLowerCase()).replace(/\.$/, "");
    const family = isIP(host);
    if (everything || host === "localhost" || host.endsWith(".localhost")) return true;
    if (family !== 0) {
      const kind = family === 4 ? "ipv4" : "ipv6";
      if (LOOPBACK.check(host, kind) || blocked.check(host, kind)) return true;
    }
    const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
    return names.some(
      (entry) =>
        (entry.port === undefined || entry.port === port) &&
        (host === entry.name || host.endsWith(`.${entry.name}`)),
    );
  };
}

/** A host without the brackets of an IPv6 address. */
export function bareHost(hostname: string): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}
