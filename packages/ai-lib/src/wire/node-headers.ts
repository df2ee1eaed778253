import type { IncomingMessage } from "node:http";
import type { HeaderFields, TransportRequest } from "../core/contract/transport.js";
import { isCookieHeader } from "../core/values/cookies.js";

/**
 * The headers of all requests of one route, and the list that they make with a request's own. Node writes a list as it
 * stands; an object's headers it stores, checks and looks up one by one, at a twentieth of a whole call's time. Most
 * requests come with the same object as the one before, whose list is kept; where nobody can print it, for it holds
 * the key.
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
   * Names and values, one after the other. With a list Node adds nothing of its own but `connection` and
   * `transfer-encoding`, so the body's length stands here.
   */
  listFor({ headers, body, method }: TransportRequest): string[] {
    if (headers !== this.#last) {
      this.#list = merged(headers, this.#own);
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

function merged(headers: HeaderFields, own: HeaderFields): string[] {
  const list: string[] = [];
  for (const name of Object.keys(headers)) list.push(name, headers[name] ?? "");
  for (const name of Object.keys(own)) {
    if (headers[name] === undefined) list.push(name, own[name] ?? "");
  }
  return list;
}

/**
 * Headers as they came, where each name came once: Node's own object of them is made when it is first asked for and
 * would be copied here, at twice the time. Undefined where a name came twice, for which Node knows the rules.
 */
function singleHeaders(raw: readonly string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    if (name === "__proto__" || isCookieHeader(name)) continue;
    if (headers[name] !== undefined) return undefined;
    headers[name] = raw[i + 1] ?? "";
  }
  return headers;
}

/** Headers as the sink wants them. Cookies are left out: nothing here keeps a session, and they are secrets. */
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
