import type { Clock, Random } from "../core/contract/clock.js";
import type { DecodedRequest, ServerFacts, ServerHalf } from "../core/contract/dialect.js";
import type { HttpRequest } from "../core/contract/transport.js";
import type { KindLaws } from "../core/kinds/laws.js";
import type { JsonObject } from "../core/values/json.js";
import type { Kind, RequestOf } from "../core/values/kinds.js";
import type { ModelInfo } from "../core/values/model.js";
import type { Conversations } from "./conversations.js";
import type { ReplyOutput } from "./output.js";
import type { ServedReply } from "./served-reply.js";

/** The head of a request: all of it but its body. */
export type RequestHead = Pick<HttpRequest, "method" | "path" | "query" | "headers">;

/** Where a request goes, read from its head. */
export interface Route {
  /** The path without the prefix that the route removed: dialects match it. */
  readonly path: string;
  /** The dialect, for any path. Default: the first of the server's dialects that matches. */
  readonly half?: ServerHalf | undefined;
  /** The endpoint that the request was sent to; see {@link ServedCall.endpoint}. */
  readonly endpoint?: string | undefined;
}

/** One request of a single kind; see {@link ServedCall}. */
export interface ServedCallOf<K extends Kind, Output extends ReplyOutput = ReplyOutput> {
  readonly kind: K;
  readonly request: RequestOf<K>;
  readonly mode: "unary" | "stream";
  /** The rules of the kind. */
  readonly laws: KindLaws<K>;
  /** The dialect that the request came in. */
  readonly half: ServerHalf;
  /** The request that the bytes express; undefined if `request` has more, such as a stored conversation. */
  readonly decoded?: RequestOf<K> | undefined;
  /** The original request; `path` is that of its route, and `bytes` are the body. */
  readonly http: HttpRequest;
  /** The request has what {@link Conversations} recalled besides the body. */
  readonly recalled?: boolean | undefined;
  /** Whether the client wants usage in its stream; undefined where its dialect always has it. */
  readonly includeUsage?: boolean | undefined;
  /** The body of a chat, parsed; undefined for other kinds. */
  readonly fields?: JsonObject | undefined;
  /** The endpoint that it was sent to, if the route names one. */
  readonly endpoint: string | undefined;
  /** Takes the answer: events and one ending, which it writes as the dialect's frames or its whole reply. */
  readonly reply: ServedReply<K, Output>;
}

/** One request, decoded from its dialect: `if (call.kind === "chat")` narrows it. */
export type ServedCall<Output extends ReplyOutput = ReplyOutput> = {
  [K in Kind]: ServedCallOf<K, Output>;
}[Kind];

/** The options of a server. */
export interface ServeOptions<Output extends ReplyOutput = ReplyOutput> {
  /** The dialects of the server; see {@link serverHalves}. Where several match a request, the first one reads it. */
  readonly halves: readonly ServerHalf[];
  /**
   * Answers a request through `call.reply`; {@link relay} does so with a provider. If it throws or rejects, the client
   * receives the error.
   */
  handle(call: ServedCall<Output>): void | Promise<void>;
  /**
   * Receives the head of every request before its body is read and before anything is answered: use it to check a key.
   * If it throws or rejects, the error is the answer. `output` is the same object as that of a call that follows, so
   * you can connect the two.
   */
  receive?(head: RequestHead, output: Output): void | Promise<void>;
  /** The models that are listed, in the shape of the client that asks. Default: none, and the path is not served. */
  models?(head: RequestHead, output: Output): readonly ModelInfo[] | Promise<readonly ModelInfo[]>;
  /**
   * Handles a request that no dialect serves, such as a health check or a file upload that you forward unchanged.
   * @returns false for a request that it does not take either: it is refused with 404.
   */
  fallback?(request: HttpRequest, output: Output): boolean | Promise<boolean>;
  /**
   * Stores state that clients drop, and conversations that they continue: see `conversations`. Default: nothing is
   * stored.
   */
  readonly conversations?: Conversations | undefined;
  /** Reads a path that has more than the dialect's own. Default: the unchanged path. */
  route?(head: RequestHead): Route;
  /** Facts of a chat's answer that has none of its own. Default: a random id, the time, the model asked for. */
  facts?(call: DecodedRequest): ServerFacts;
  /**
   * Called with an error that is not an `AiLibError`: a fault in the server's own code. The client sees that the server
   * failed, without details. Default: it is ignored.
   */
  onError?(error: unknown): void;
  /** Bytes that a request body may have; a longer one is answered with 413. Default 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Time of answers. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Randomness of ids. Default: the platform's. */
  readonly random?: Random | undefined;
}

/** The default of {@link ServeOptions.maxBodyBytes}: enough for a request with a few images. */
export const DEFAULT_BODY_BYTES = 64 * 1024 * 1024;
