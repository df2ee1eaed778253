import type { IncomingMessage } from "node:http";
import type { HeaderFields, TransportRequest } from "../core/contract/transport.js";
import { isCookieHeader } from "../core/values/cookies.js";

/**
 * The headers of all requests of one route, merged with those of a request into a list. Node writes a list unchanged,
 * but stores, checks and looks up the headers of an object one by one, which costs measurable time in every call. The
 * list of the last headers object is cached ({@link HeaderFields}), in a private field that cannot be printed, since it
 * contains the key.
 */
export class RouteHeaders {
  readonly #own: HeaderFields;
  #last: HeaderFields | undefined;
  #list: readonly string[] = [];

  /** @param own names in lower case; a request's own headers win. */
  constructor(own: HeaderFields) {
    this.#own = own;
  }

  /**
   * Names and values in turn. With a list, Node adds only `connection` and `transfer-encoding`, so the length of the
   * body is added here.
   */
  listFor({ headers, body, method }: TransportRequest): string[] {
    if (headers !== this.#last) {
      this.#list = mergeHeaders(headers, this.#own);
      this.#last = headers;
    }
    const list = this.#list.slice();
    if (headers["accept-encoding"] === undefined)
      list.push("accept-encoding", method === "GET" ? "gzip" : "identity");
    const length =
      body === undefined
        ? method === "POST"
          ? 0
          : undefined
        : typeof body === "string"
          ? Buffer.byteLength(body)
          : body instanceof Uint8Array
            ? body.byteLength
            : undefined;
    if (length !== undefined && headers["content-length"] === undefined)
      list.push("content-length", String(length));
    return list;
  }
}

function mergeHeaders(headers: HeaderFields, own: HeaderFields): string[] {
  const list: string[] = [];
  for (const name of Object.keys(headers)) list.push(name, headers[name] ?? "");
  for (const name of Object.keys(own)) {
    if (headers[name] === undefined) list.push(name, own[name] ?? "");
  }
  return list;
}

/** Names of headers in lower case, by their original spelling: replies of one provider have the same names. */
const lowerCased = new Map<string, string>();

/** Names come from the network, so only the first ones are remembered. */
const MOST_NAMES = 1_024;

function lowerCase(name: string): string {
  const known = lowerCased.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (lowerCased.size < MOST_NAMES && name.length < 64) lowerCased.set(name, lower);
  return lower;
}

/**
 * The headers of a reply in which each name occurs once. Node makes its own object of them on first access, which would
 * be copied here, at twice the time. Undefined where a name occurs twice: Node has the rules for that.
 */
function singleHeaders(raw: readonly string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = lowerCase(raw[i] ?? "");
    if (name === "__proto__" || isCookieHeader(name)) continue;
    if (headers[name] !== undefined) return undefined;
    headers[name] = raw[i + 1] ?? "";
  }
  return headers;
}

/** The headers of a reply, without cookies, which are secrets; ai-lib has no sessions. */
export function replyHeaders(message: IncomingMessage): Record<string, string> {
  const plain = singleHeaders(message.rawHeaders);
  if (plain !== undefined) return plain;
  const headers: Record<string, string> = {};
  const { headers: given } = message;
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (value === undefined || isCookieHeader(name)) continue;
    headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return headers;
}
