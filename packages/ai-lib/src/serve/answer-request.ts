import { randomId, systemClock, systemRandom } from "../core/contract/clock.js";
import type { DecodedRequest, ServerFacts, ServerHalf, ServerKindCodec } from "../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { publicError } from "../core/errors/public-error.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import { provideChatStreams } from "../core/kinds/chat/provide-streams.js";
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
import { errorReply, refusal } from "./speaker.js";

provideChatStreams();

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

/** The service of a path: a list of models, one of them, a chat, or another kind. */
type Service =
  | { readonly type: "models" | "model"; readonly half: ServerHalf }
  | { readonly type: "chat"; readonly half: ServerHalf }
  | { readonly type: "kind"; readonly half: ServerHalf; readonly codec: ServerKindCodec<Kind> };

/** Of the services of a path, that of the client's dialect; else the first. */
function serviceFor(
  options: ServeOptions<never>,
  halves: readonly ServerHalf[],
  head: RequestHead,
  named: ServerHalf | undefined,
): Service | undefined {
  const services =
    halves === options.halves ? knownServices(options, head) : servicesAt(options, halves, head, named);
  return services.length < 2
    ? services[0]
    : (services.find(({ half }) => half.claims?.(head) === true) ?? services[0]);
}

/** The services of a method and a path, in the order of the halves. */
type KnownServices = Map<string, readonly Service[]>;

const known = new WeakMap<readonly ServerHalf[], KnownServices>();

/** Paths that are cached; they are those of clients, which may be anyone. */
const MAX_PATHS = 256;
const MAX_PATH_LENGTH = 256;

/** {@link servicesAt}, remembered: most requests have one of a few paths, and each dialect would be asked for each. */
function knownServices(options: ServeOptions<never>, head: RequestHead): readonly Service[] {
  const { halves, models } = options;
  let paths = known.get(halves);
  if (paths === undefined) {
    paths = new Map();
    known.set(halves, paths);
  }
  const name = `${models === undefined ? "" : "models "}${head.method} ${head.path}`;
  const found = paths.get(name);
  if (found !== undefined) return found;
  const services = servicesAt(options, halves, head, undefined);
  if (name.length <= MAX_PATH_LENGTH) {
    if (paths.size >= MAX_PATHS) paths.clear();
    paths.set(name, services);
  }
  return services;
}

/** All that serves a method and a path: lists of models, else other kinds than chat, else chats, else single models. */
function servicesAt(
  options: ServeOptions<never>,
  halves: readonly ServerHalf[],
  head: RequestHead,
  named: ServerHalf | undefined,
): readonly Service[] {
  if (options.models !== undefined) {
    const listing = halves.filter(({ models }) => models?.matches(head) === true);
    if (listing.length > 0) return listing.map((half) => ({ type: "models", half }));
  }
  const kinds = halves.flatMap((half): Service[] => {
    const codec = codecIn(half, head);
    return codec === undefined ? [] : [{ type: "kind", half, codec }];
  });
  if (kinds.length > 0) return kinds;
  // A dialect that the route names is served at any path.
  const chats =
    named !== undefined && head.method === "POST" ? [named] : halves.filter((half) => half.matches(head));
  if (chats.length > 0) return chats.map((half) => ({ type: "chat", half }));
  if (options.models === undefined) return [];
  const showing = halves.filter(({ models }) => models?.one?.matches(head) === true);
  return showing.map((half) => ({ type: "model", half }));
}

function codecIn(half: ServerHalf, head: RequestHead): ServerKindCodec<Kind> | undefined {
  const codecs = Object.values(half.kinds ?? {}) as (ServerKindCodec<Kind> | undefined)[];
  return (
    codecs.find((codec) => codec?.matches(head) === true) ?? half.apis?.find((codec) => codec.matches(head))
  );
}

/** The kind that the body of a request at a path of chats asks for; undefined for a chat. */
function claimingCodec({ kinds }: ServerHalf, http: HttpRequest): ServerKindCodec<Kind> | undefined {
  for (const name in kinds) {
    const codec = kinds[name as Exclude<Kind, "chat">] as ServerKindCodec<Kind> | undefined;
    if (codec?.claims?.(http) === true) return codec;
  }
  return undefined;
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
  const place: Place<Output> = { half: service.half, http, endpoint, output };
  let call: ServedCall<Output>;
  if (codec !== undefined) call = servedKind(codec, place) as ServedCall<Output>;
  else {
    const caller = options.conversations?.callerOf(http);
    call = servedChat(options, place, caller instanceof Promise ? await caller : caller);
  }
  try {
    const handled = options.handle(call);
    if (handled !== undefined) await handled;
  } catch (error) {
    call.reply.fail(knownError(options, error));
  }
}

/** One model of a list, or the error that there is none. */
function modelReply(half: ServerHalf, http: HttpRequest, models: readonly ModelInfo[]): HttpReply {
  const id = half.models?.one?.idOf(http) ?? "";
  const model = models.find((one) => one.id === id);
  const found = model === undefined ? undefined : half.models?.one?.encode(model);
  // Without the id: a client may have put its key there by mistake.
  const message = "The model of this path does not exist";
  return found ?? half.error(new AiLibError({ code: "MODEL_NOT_FOUND", message, local: true }));
}

/** An error for a client. An exception of the server's own code may contain secrets: its message is not sent. */
function knownError(options: Pick<ServeOptions, "onError">, error: unknown): AiLibError {
  if (AiLibError.is(error)) {
    // Raised by the handler itself, for the client to read.
    if (error.attempts.length === 0 && error.target === undefined) return error;
    if (error.severity === "CLIENT") return publicError(error);
  }
  try {
    options.onError?.(error);
  } catch {
    // An exception of `onError` is ignored.
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

/** Codex asks for a WebSocket first, and continues without one only after 426. */
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
const JSON_TYPE = "application/json";
const BINARY = /^(multipart\/|application\/octet-stream|application\/pdf|audio\/|image\/|video\/)/i;

function withBody(head: RequestHead, bytes: Uint8Array): HttpRequest {
  if (bytes.length === 0) return head;
  const type = head.headers["content-type"] ?? "";
  if (type !== JSON_TYPE && BINARY.test(type)) return { bytes, ...head };
  // A literal that begins with a spread is many times slower where another field is new.
  return { bytes, body: decoder.decode(bytes), ...head };
}

/** One decoder for all: it has no state between whole texts. */
const decoder = new TextDecoder();

/** A request of a known dialect, with where it was sent to and where its answer goes. */
interface Place<Output extends ReplyOutput> {
  readonly half: ServerHalf;
  readonly http: HttpRequest;
  readonly endpoint: string | undefined;
  readonly output: Output;
}

function servedChat<Output extends ReplyOutput>(
  options: ServeOptions<Output>,
  { half, http, endpoint, output }: Place<Output>,
  caller: string | undefined,
): ServedCallOf<"chat", Output> {
  const { conversations } = options;
  const sent = half.decode(http);
  const decoded = caller === undefined ? sent : (conversations?.recall(caller, sent) ?? sent);
  let made: (ServerFacts & DecodedRequest) | undefined;
  // An answer whose bytes are passed on needs none.
  const facts = () => {
    made ??= Object.assign({}, options.facts?.(decoded) ?? defaultFacts(options, decoded), decoded);
    return made;
  };
  const remember =
    caller === undefined
      ? undefined
      : (response: ChatResponse) => conversations?.remember(caller, decoded, facts, response);
  const reply = new ServedReply(output, chatEncoding(half, decoded, facts, remember));
  const { request, mode } = decoded;
  const own = decoded === sent || saysAll(sent.request) ? request : undefined;
  const { body: fields, includeUsage } = sent;
  return {
    kind: "chat",
    laws: chatLaws,
    request,
    decoded: own,
    mode,
    half,
    http,
    fields,
    recalled: decoded !== sent,
    includeUsage,
    endpoint,
    reply,
  };
}

function servedKind<Output extends ReplyOutput>(
  codec: ServerKindCodec<Kind>,
  { half, http, endpoint, output }: Place<Output>,
): ServedCallOf<Kind, Output> {
  const request = codec.decode(http);
  const stream = codec.stream?.(http, request);
  const reply = new ServedReply(output, kindEncoding(half, codec, request, stream));
  const { laws } = codec;
  const mode = stream === undefined ? "unary" : "stream";
  // A provider of the dialect cannot read the bytes of a client of another API.
  const decoded = half.apis?.includes(codec) === true ? undefined : request;
  return { kind: laws.kind, laws, request, decoded, mode, half, http, endpoint, reply };
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
