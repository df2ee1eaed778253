import { randomId, systemClock, systemRandom } from "../core/contract/clock.js";
import type { DecodedRequest, ServerFacts, ServerHalf, ServerKindCodec } from "../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { publicError } from "../core/errors/public-error.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import type { Kind } from "../core/values/kinds.js";
import type { ModelInfo } from "../core/values/model.js";
import { saysAll } from "./conversations.js";
import {
  DEFAULT_BODY_BYTES,
  type RequestHead,
  type ServedCall,
  type ServedCallOf,
  type ServeOptions,
} from "./options.js";
import { type ReplyOutput, sendReply } from "./output.js";
import { chatEncoding, kindEncoding, ServedReply } from "./served-reply.js";
import { errorReply, refusal, servingHalf } from "./speaker.js";

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

/** Answers one request of any kind of server. Never rejects. */
export async function answerRequest<Output extends ReplyOutput>(
  options: ServeOptions<Output>,
  request: UnreadRequest,
  output: Output,
): Promise<void> {
  const head = headOf(request);
  // An error takes the shape of the client, as soon as its dialect is known.
  let halves = options.halves;
  try {
    if (head === undefined) {
      const message = `${request.method} is not served`;
      sendReply(output, refusal(halves, { ...request, method: "GET" }, 405, message, { allow: ALLOW }));
      return;
    }
    const received = options.receive?.(head, output);
    if (received !== undefined) await received;
    const route = options.route?.(head) ?? { path: head.path };
    if (route.half !== undefined) halves = [route.half];
    const asked: RequestHead = { ...head, path: withoutTrailingSlash(route.path) };
    const service = serviceFor(options, halves, asked, route.half);
    if (service?.half !== undefined) halves = [service.half];
    await answer(options, { service, halves, head: asked, endpoint: route.endpoint }, request, output);
  } catch (error) {
    const known = knownError(options, error);
    if (output.begun) output.destroy();
    else sendReply(output, errorReply(halves, head ?? { ...request, method: "GET" }, known));
  }
}

/** Whether a request has an answer of a dialect, from its head alone. */
export function isServed(options: ServeOptions<never>, request: Omit<UnreadRequest, "body">): boolean {
  const head = headOf(request);
  if (head === undefined) return false;
  const asked = { ...head, path: withoutTrailingSlash(head.path) };
  return serviceFor(options, options.halves, asked, undefined) !== undefined;
}

/** What serves a path: a list of models, one of them, a chat, or another kind. */
type Service =
  | { readonly type: "models" | "model"; readonly half: ServerHalf }
  | { readonly type: "chat"; readonly half: ServerHalf }
  | { readonly type: "kind"; readonly half: ServerHalf; readonly codec: ServerKindCodec<Kind> };

function serviceFor(
  options: ServeOptions<never>,
  halves: readonly ServerHalf[],
  head: RequestHead,
  named: ServerHalf | undefined,
): Service | undefined {
  if (options.models !== undefined) {
    const half = servingHalf(halves, head, (one) => one.models?.matches(head) === true);
    if (half !== undefined) return { type: "models", half };
  }
  const half = servingHalf(halves, head, (one) => codecIn(one, head) !== undefined);
  const codec = half === undefined ? undefined : codecIn(half, head);
  if (half !== undefined && codec !== undefined) return { type: "kind", half, codec };
  // A dialect that the route names is spoken at any path.
  const chat =
    named !== undefined && head.method === "POST"
      ? named
      : servingHalf(halves, head, (one) => one.matches(head));
  if (chat !== undefined) return { type: "chat", half: chat };
  if (options.models === undefined) return undefined;
  const shown = servingHalf(halves, head, ({ models }) => models?.one?.matches(head) === true);
  return shown === undefined ? undefined : { type: "model", half: shown };
}

function codecIn(half: ServerHalf, head: RequestHead): ServerKindCodec<Kind> | undefined {
  const codecs = Object.values(half.kinds ?? {}) as (ServerKindCodec<Kind> | undefined)[];
  return (
    codecs.find((codec) => codec?.matches(head) === true) ?? half.apis?.find((codec) => codec.matches(head))
  );
}

/** The kind that the body of a request at a path of chats asks for; undefined for a chat. */
function claimingCodec(half: ServerHalf, http: HttpRequest): ServerKindCodec<Kind> | undefined {
  const codecs = Object.values(half.kinds ?? {}) as (ServerKindCodec<Kind> | undefined)[];
  return codecs.find((codec) => codec?.claims?.(http) === true);
}

/** A request whose route is known. */
interface Routed {
  readonly service: Service | undefined;
  readonly halves: readonly ServerHalf[];
  readonly head: RequestHead;
  readonly endpoint: string | undefined;
}

async function answer<Output extends ReplyOutput>(
  options: ServeOptions<Output>,
  { service, halves, head, endpoint }: Routed,
  request: UnreadRequest,
  output: Output,
): Promise<void> {
  if (service?.type === "models") {
    const models = (await options.models?.(head, output)) ?? [];
    const reply = service.half.models?.encode(models);
    if (reply !== undefined) sendReply(output, reply);
    return;
  }
  if (service === undefined && options.fallback === undefined) {
    sendReply(output, notServed(halves, head));
    return;
  }
  const limit = options.maxBodyBytes ?? DEFAULT_BODY_BYTES;
  const bytes = await request.body(limit);
  if (bytes === undefined) {
    const message = `The request body is longer than ${limit} bytes`;
    // The rest of the body stays unread, so that this connection cannot be used again.
    sendReply(output, refusal(halves, head, TOO_LARGE, message, { connection: "close" }));
    return;
  }
  const http = withBody(head, bytes);
  if (service === undefined) {
    if ((await options.fallback?.(http, output)) !== true) sendReply(output, notServed(halves, head));
    return;
  }
  if (service.type === "model") {
    sendReply(output, modelReply(service.half, http, (await options.models?.(head, output)) ?? []));
    return;
  }
  const codec = service.type === "kind" ? service.codec : claimingCodec(service.half, http);
  const call = (
    codec === undefined
      ? await servedChat(options, service.half, http, output)
      : servedKind(service.half, codec, http, output)
  ) as ServedCall<Output>;
  try {
    await options.handle({ ...call, endpoint });
  } catch (error) {
    call.reply.fail(knownError(options, error));
  }
}

/** One model of a list, or the error that there is none. */
function modelReply(half: ServerHalf, http: HttpRequest, models: readonly ModelInfo[]): HttpReply {
  const id = half.models?.one?.idOf(http) ?? "";
  const model = models.find((one) => one.id === id);
  const found = model === undefined ? undefined : half.models?.one?.encode(model);
  const message = `The model "${id}" does not exist`;
  return found ?? half.error(new AiLibError({ code: "MODEL_NOT_FOUND", message, local: true }));
}

/** An error for a client. What the server's own code threw may hold secrets: its message stays here. */
function knownError(options: Pick<ServeOptions, "onError">, error: unknown): AiLibError {
  if (AiLibError.is(error)) {
    // Raised by the handler itself, for the client to read.
    if (error.attempts.length === 0 && error.target === undefined) return error;
    if (error.severity === "CLIENT") return publicError(error);
  }
  try {
    options.onError?.(error);
  } catch {
    // An observer of errors must not be the cause of another one.
  }
  return AiLibError.is(error)
    ? publicError(error)
    : AiLibError.from(error).with({ message: "The server failed to answer the request", cause: undefined });
}

/** The head of a request; undefined for a method that nothing here has. HEAD is GET without its body. */
function headOf({ method, path, query, headers }: Omit<UnreadRequest, "body">): RequestHead | undefined {
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

async function servedChat<Output extends ReplyOutput>(
  options: ServeOptions<Output>,
  half: ServerHalf,
  http: HttpRequest,
  output: Output,
): Promise<Omit<ServedCallOf<"chat", Output>, "endpoint">> {
  const { conversations } = options;
  const caller = await conversations?.callerOf(http);
  const sent = half.decode(http);
  const decoded = caller === undefined ? sent : (conversations?.recall(caller, sent) ?? sent);
  const facts = { ...(options.facts?.(decoded) ?? defaultFacts(options, decoded)), ...decoded };
  const remember =
    caller === undefined
      ? undefined
      : (response: ChatResponse) => conversations?.remember(caller, decoded, facts, response);
  const reply = new ServedReply(output, chatEncoding(half, decoded, facts, remember));
  const { request, mode } = decoded;
  const own = decoded === sent || saysAll(sent.request) ? request : undefined;
  return { kind: "chat", laws: chatLaws, request, decoded: own, mode, half, http, reply };
}

function servedKind<Output extends ReplyOutput>(
  half: ServerHalf,
  codec: ServerKindCodec<Kind>,
  http: HttpRequest,
  output: Output,
): Omit<ServedCallOf<Kind, Output>, "endpoint"> {
  const request = codec.decode(http);
  const stream = codec.stream?.(http, request);
  const reply = new ServedReply(output, kindEncoding(half, codec, request, stream));
  const { laws } = codec;
  const mode = stream === undefined ? "unary" : "stream";
  // The bytes of a client of another API are nothing that a provider of the dialect could read.
  const decoded = half.apis?.includes(codec) === true ? undefined : request;
  return { kind: laws.kind, laws, request, decoded, mode, half, http, reply };
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
