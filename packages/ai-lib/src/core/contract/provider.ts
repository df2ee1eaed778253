import type { ChatStream } from "../run/stream.js";
import type { ChatRequest } from "../values/chat-request.js";
import type { ChatResponse } from "../values/chat-response.js";
import type { UploadedFile } from "../values/message.js";
import type { ModelFacts, ModelInfo } from "../values/model.js";
import type { BatchItem, BatchOptions } from "./batch.js";
import type { Call, CallOptions } from "./call.js";
import type { EventSink, Flow } from "./sink.js";
import type { FileUpload, UploadOptions } from "./upload.js";

/** Who answers: one provider, one model, one key. Plain data, safe to log. */
export interface Target {
  /** Provider id. */
  readonly provider: string;
  readonly model?: string;
  /** An alias of the key, never the secret. */
  readonly key?: string;
  readonly account?: string;
  readonly region?: string;
}

/**
 * Everything that answers a chat: a prebuilt provider, a user's own object, a strategy, a wrapper, a client's
 * whole stack. One interface, so they nest in any order.
 */
export interface ChatProvider {
  /** `"groq"`, `"failover[groq->openai]"`. */
  readonly name: string;
  /** @throws {AiLibError} always, whatever went wrong. */
  chat(request: ChatRequest, options?: CallOptions): Promise<ChatResponse>;
  /** Nothing is sent until the stream is iterated or its `response()` asked for. */
  stream(request: ChatRequest, options?: CallOptions): ChatStream;
  /** What layers and built-in leaves implement; `chat` and `stream` derive from it. */
  open?(call: Call, sink: EventSink): Flow;
  /** Only where the provider has something better than one call each; the client's `batch` works without it. */
  batch?(requests: readonly ChatRequest[], options?: BatchOptions): Promise<BatchItem[]>;
  /** The models that the endpoint serves, live. */
  listModels?(options?: CallOptions): Promise<ModelInfo[]>;
  /** @throws {AiLibError} `MODEL_NOT_FOUND`, with near names. */
  getModelInfo?(id: string, options?: CallOptions): Promise<ModelInfo>;
  /** Resolves when the endpoint answers with the key in use. Costs no tokens. */
  checkHealth?(options?: CallOptions): Promise<void>;
  /** Puts a file into the provider's store. */
  uploadFile?(file: FileUpload, options?: UploadOptions): Promise<UploadedFile>;
  /** On a leaf. */
  readonly target?: Target | undefined;
  /** On a composition. */
  readonly members?: readonly ChatProvider[] | undefined;
  /** What is known of a model (default: the default model) without any I/O. */
  facts?(model?: string): ModelFacts | undefined;
  /** Closes connections, timers and members. */
  close?(): Promise<void>;
}
