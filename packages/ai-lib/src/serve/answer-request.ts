import { randomId, systemClock, systemRandom } from "../core/contract/clock.js";
import type { DecodedRequest, ServerFacts, ServerHalf, ServerKindCodec } from "../core/contract/dialect.js";
import type { HttpRequest } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import type { Kind } from "../core/values/kinds.js";
import {
  DEFAULT_BODY_BYTES,
  type RequestHead,
  type ServedCall,
  type ServedCallOf,
  type ServeOptions,
} from "./options.js";
import { type ReplyOutput, sendReply } from "./output.js";
import { chatEncoding, kindEncoding, ServedReply } from "./served-reply.js";
import { refusal, servingHalf } from "./speaker.js";

/** A request whose body was not read yet. */
export interface UnreadRequest extends Omit<RequestHead, "method"> {
  /** Any method of HTTP. */
  readonly method: string;
  /** Reads the body; undefined for one of more than `limit` bytes. */
  body(limit: number): Promise<Uint8Array | undefined>;
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "DELETE"]);
const ALLOW = [...METHODS].join(", ");

const TOO_LARGE = 413;

/** Answers one request, whatever brought it. Never rejects. */
export async function answerRequest<Output extends ReplyOutput>(
  options: ServeOptions<Output>,
  request: UnreadRequest,
  output: Output,
): Promise<void> {
  let half: ServerHalf | undefined;
  try {
    const asked = headOf(request);
    if (asked === undefined) {
      const message = `${request.method} is not served`;
      sendReply(
        output,
        refusal(options.halves, { ...request, method: "GET" }, 405, message, { allow: ALLOW }),
      );
      return;
    }
    const route = options.route?.(asked) ?? { path: asked.path };
    const head: RequestHead = { ...asked, path: withoutTrailingSlash(route.path) };
    const halves = route.half === undefined ? options.halves : [route.half];
    if (options.models !== undefined) {
      const lister = servingHalf(halves, head, (one) => one.models?.matches(head) === true);
      if (lister?.models !== undefined) {
        half = lister;
        sendReply(output, lister.models.encode(await options.models()));
        return;
      }
    }
    const other = codecFor(halves, head);
    // A dialect that the route names is spoken at any path.
    half =
      other?.half ??
      (route.half !== undefined && head.method === "POST"
        ? route.half
        : servingHalf(halves, head, (one) => one.matches(head)));
    if (half === undefined && options.fallback === undefined) {
      sendReply(output, notServed(halves, head));
      return;
    }
    const bytes = await request.body(options.maxBodyBytes ?? DEFAULT_BODY_BYTES);
    if (bytes === undefined) {
      const message = `The request body is longer than ${options.maxBodyBytes ?? DEFAULT_BODY_BYTES} bytes`;
      // The rest of the body stays unread, so that this connection cannot be used again.
      sendReply(
        output,
        refusal(half === undefined ? halves : [half], head, TOO_LARGE, message, { connection: "close" }),
      );
      return;
    }
    const http = withBody(head, bytes);
    if (half === undefined) {
      if (!((await options.fallback?.(http, output)) ?? false)) sendReply(output, notServed(halves, head));
      return;
    }
    const call = (
      other === undefined
        ? servedChat(options, half, http, output)
        : servedKind(half, other.codec, http, output)
    ) as ServedCall<Output>;
    try {
      await options.handle({ ...call, endpoint: route.endpoint });
    } catch (error) {
      call.reply.fail(AiLibError.from(error));
    }
  } catch (error) {
    if (output.begun) output.destroy();
    else if (half === undefined)
      sendReply(
        output,
        refusal(options.halves, { ...request, method: "GET" }, 500, AiLibError.from(error).message),
      );
    else sendReply(output, half.error(AiLibError.from(error)));
  }
}

/** The head of a request; undefined for a method that nothing here has. HEAD is GET without its body. */
function headOf({ method, path, query, headers }: UnreadRequest): RequestHead | undefined {
  if (!METHODS.has(method)) return undefined;
  const known = method === "HEAD" ? "GET" : (method as RequestHead["method"]);
  return { method: known, path, headers, ...(query === undefined ? {} : { query }) };
}

/** Codex asks for a WebSocket first, and goes on without one on 426 alone. */
function notServed(halves: readonly ServerHalf[], head: RequestHead) {
  return head.headers["upgrade"]?.toLowerCase() === "websocket"
    ? refusal(halves, head, 426, "WebSockets are not served; send the request with POST")
    : refusal(halves, head, 404, `Nothing is served at ${head.method} ${head.path}`);
}

function withoutTrailingSlash(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}

/** Bodies that are no text are left as bytes: multipart forms, files, sound. */
const BINARY = /^(multipart\/|application\/octet-stream|application\/pdf|audio\/|image\/|video\/)/i;

function withBody(head: RequestHead, bytes: Uint8Array): HttpRequest {
  if (bytes.length === 0) return head;
  if (BINARY.test(head.headers["content-type"] ?? "")) return { ...head, bytes };
  return { ...head, bytes, body: new TextDecoder().decode(bytes) };
}

/** A codec of a kind besides chat that serves a path, and its dialect. */
function codecFor(halves: readonly ServerHalf[], head: RequestHead) {
  const codecIn = (half: ServerHalf) =>
    Object.values(half.kinds ?? {}).find((codec) => codec?.matches(head) === true) as
      | ServerKindCodec<Kind>
      | undefined;
  const half = servingHalf(halves, head, (one) => codecIn(one) !== undefined);
  const codec = half === undefined ? undefined : codecIn(half);
  return half === undefined || codec === undefined ? undefined : { half, codec };
}

function servedChat<Output extends ReplyOutput>(
  options: ServeOptions<Output>,
  half: ServerHalf,
  http: HttpRequest,
  output: Output,
): Omit<ServedCallOf<"chat", Output>, "endpoint"> {
  const decoded = half.decode(http);
  const facts = { ...(options.facts?.(decoded) ?? defaultFacts(options, decoded)), ...decoded };
  const reply = new ServedReply(output, chatEncoding(half, decoded, facts));
  return { kind: "chat", laws: chatLaws, request: decoded.request, mode: decoded.mode, half, http, reply };
}

function servedKind<Output extends ReplyOutput>(
  half: ServerHalf,
  codec: ServerKindCodec<Kind>,
  http: HttpRequest,
  output: Output,
): Omit<ServedCallOf<Kind, Output>, "endpoint"> {
  const request = codec.decode(http);
  const reply = new ServedReply(output, kindEncoding(half, codec, request));
  return { kind: codec.laws.kind, laws: codec.laws, request, mode: "unary", half, http, reply };
}

function defaultFacts(
  { clock = systemClock, random = systemRandom }: Pick<ServeOptions, "clock" | "random">,
  { request }: DecodedRequest,
): ServerFacts {
  return {
    id: randomId(random),
    created: clock.now(),
    ...(request.model === undefined ? {} : { model: request.model }),
  };
}
