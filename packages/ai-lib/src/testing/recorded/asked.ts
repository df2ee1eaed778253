import { createHash } from "node:crypto";
import type { DialectId, ServerHalf } from "../../core/contract/dialect.js";
import type { HttpRequest, TransportRequest } from "../../core/contract/transport.js";
import { canonicalJson } from "../../core/values/canonical-json.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import { isObject, tryParse } from "../../core/values/json.js";
import type { Kind } from "../../core/values/kinds.js";
import { parseEndpoint } from "../../wire/endpoint.js";

/** A request as recordings are matched by it: no headers, no secrets, and the body as a dialect reads it. */
export interface AskedRequest {
  readonly method: string;
  /** The host without its port: that of a local server changes with every run. */
  readonly host: string;
  readonly path: string;
  /** The parameters of the query that are no secrets. */
  readonly query?: Readonly<Record<string, string>>;
  /** The dialect that reads the body; absent where none does. */
  readonly dialect?: DialectId;
  readonly kind?: Kind;
  readonly mode?: "unary" | "stream";
  /** The decoded request of the kind; else the body: as JSON, as text, or its SHA-256 where it is no text. */
  readonly request?: unknown;
}

/** Names of query parameters that hold a secret or differ in every request. */
const VOLATILE = /key|token|auth|secret|sign|credential|session|x-amz-|expires|timestamp|nonce/i;

/** Reads a request. @param body the whole body, where there is one */
export function askedRequest(
  request: TransportRequest,
  body: Uint8Array | undefined,
  halves: readonly ServerHalf[],
): AskedRequest {
  const url = parseEndpoint(request.url);
  const query = Object.fromEntries([...url.searchParams].filter(([name]) => !VOLATILE.test(name)));
  const method = request.method.toUpperCase();
  const place = {
    method,
    host: url.hostname,
    path: url.pathname,
    ...(Object.keys(query).length === 0 ? {} : { query }),
  };
  if (body === undefined) return place;
  const text = textOf(body);
  const http: HttpRequest = {
    method: method as HttpRequest["method"],
    path: url.pathname,
    query,
    headers: request.headers,
    bytes: body,
    ...(text === undefined ? {} : { body: text }),
  };
  return { ...place, ...(decoded(http, halves) ?? { request: plainBody(request, body, text) }) };
}

/** The hash of what recordings are matched by. */
export function hashOf(matched: unknown): string {
  return createHash("sha256").update(canonicalJson(matched)).digest("hex");
}

function decoded(
  http: HttpRequest,
  halves: readonly ServerHalf[],
): Pick<AskedRequest, "dialect" | "kind" | "mode" | "request"> | undefined {
  for (const half of halves) {
    try {
      for (const codec of Object.values(half.kinds ?? {}))
        if (codec.matches(http))
          return { dialect: half.id, kind: codec.laws.kind, mode: "unary", request: codec.decode(http) };
      if (!half.matches(http)) continue;
      const { request, mode } = half.decode(http);
      return { dialect: half.id, kind: "chat", mode, request: withSteadyIds(request) };
    } catch {
      // Another dialect of the same path may read it; else the body counts as it is.
    }
  }
  return undefined;
}

/** Calls of tools named in their order: the ids that ai-lib makes for vendors without ids are random. */
function withSteadyIds(request: ChatRequest): ChatRequest {
  const ids = new Map<string, string>();
  for (const { content } of request.messages) {
    if (typeof content === "string") continue;
    for (const part of content)
      if (part.type === "tool-call" && !ids.has(part.id)) ids.set(part.id, `call-${ids.size + 1}`);
  }
  if (ids.size === 0) return request;
  const messages = request.messages.map((message) => {
    if (typeof message.content === "string") return message;
    const content = message.content.map((part) =>
      part.type === "tool-call" || part.type === "tool-result"
        ? { ...part, id: ids.get(part.id) ?? part.id }
        : part,
    );
    return { ...message, content };
  });
  return { ...request, messages: messages as ChatRequest["messages"] };
}

const BOUNDARY = /^multipart\/.*boundary="?([^";]+)/i;

/** A body that no dialect reads. */
function plainBody({ headers }: TransportRequest, body: Uint8Array, text: string | undefined): unknown {
  const boundary = BOUNDARY.exec(headers["content-type"] ?? "")?.[1];
  if (boundary !== undefined) {
    // The boundary of a form is random, and its files may be no text.
    const form = Buffer.from(body).toString("latin1").replaceAll(boundary, "boundary");
    return { form: createHash("sha256").update(form).digest("hex") };
  }
  if (text === undefined) return { bytes: createHash("sha256").update(body).digest("hex") };
  const json = tryParse(text);
  return isObject(json) || Array.isArray(json) ? json : text;
}

/** Bytes as text; undefined where they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
