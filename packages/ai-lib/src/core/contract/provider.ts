import type { ChatRequest } from "../values/chat-request.js";
import type { ChatResponse } from "../values/chat-response.js";
import type { CountTokensRequest, CountTokensResponse } from "../values/count-tokens.js";
import type { DecideRequest, DecideResponse } from "../values/decision.js";
import type { EmbedRequest, EmbedResponse } from "../values/embedding.js";
import type { ImageRequest, ImageResponse } from "../values/image.js";
import type { ModelFacts, ModelInfo } from "../values/model.js";
import type { ModerateRequest, ModerateResponse } from "../values/moderation.js";
import type { OcrRequest, OcrResponse } from "../values/ocr.js";
import type { RerankRequest, RerankResponse } from "../values/rerank.js";
import type { SpeakRequest, SpeakResponse, VoiceInfo } from "../values/speech.js";
import type { Target } from "../values/target.js";
import type { TranscribeRequest, TranscribeResponse } from "../values/transcription.js";
import type { BatchItem, BatchOptions } from "./batch.js";
import type { BatchService } from "./batch-service.js";
import type { Call, CallOptions } from "./call.js";
import type { FileStore, StoredFile } from "./file.js";
import type { JobService } from "./job.js";
import type { Flow, Sink } from "./sink.js";
import type { ChatStream } from "./stream.js";
import type { FileUpload, UploadOptions } from "./upload.js";

/** Marks providers whose `open` records its own attempts, also across copies of the package. */
export const COUNTED: unique symbol = Symbol.for("ai-lib.counted") as never;

/** The kinds of a provider that names none. */
export const CHAT_ONLY: ReadonlySet<string> = new Set(["chat"]);

/**
 * Anything that can answer: a prebuilt provider, an object of your own, a strategy, a wrapper, a client. One interface,
 * so that they nest in any order.
 */
export interface ChatProvider {
  /** `"groq"`, `"failover[groq->openai]"`. */
  readonly name: string;
  /** @throws {AiLibError} always, whatever went wrong. */
  chat(request: ChatRequest, options?: CallOptions): Promise<ChatResponse>;
  /** Nothing is sent until the stream is iterated or its `response()` asked for. */
  stream(request: ChatRequest, options?: CallOptions): ChatStream;
  /**
   * The kinds of call that it answers. Default: `chat` alone. A call of another kind fails locally with
   * `UNSUPPORTED_FEATURE`, and strategies skip the provider.
   */
  kinds?(): ReadonlySet<string>;
  /** @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` where it has no embeddings. */
  embed?(request: EmbedRequest, options?: CallOptions): Promise<EmbedResponse>;
  /** @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` where it orders no documents. */
  rerank?(request: RerankRequest, options?: CallOptions): Promise<RerankResponse>;
  /** @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` where it has no moderation. */
  moderate?(request: ModerateRequest, options?: CallOptions): Promise<ModerateResponse>;
  /** @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` where it reads no sound. */
  transcribe?(request: TranscribeRequest, options?: CallOptions): Promise<TranscribeResponse>;
  /** @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` where it makes no speech. */
  speak?(request: SpeakRequest, options?: CallOptions): Promise<SpeakResponse>;
  /** @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` where it makes no pictures. */
  image?(request: ImageRequest, options?: CallOptions): Promise<ImageResponse>;
  /** @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` where it reads no documents. */
  ocr?(request: OcrRequest, options?: CallOptions): Promise<OcrResponse>;
  /** @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` where it makes no decisions. */
  decide?(request: DecideRequest, options?: CallOptions): Promise<DecideResponse>;
  /** @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` where it counts no tokens. */
  countTokens?(request: CountTokensRequest, options?: CallOptions): Promise<CountTokensResponse>;
  /** What layers and built-in leaves implement; the methods of every kind derive from it. */
  open?(call: Call, sink: Sink): Flow;
  /** Only where the provider has something better than one call each; the client's `batch` works without it. */
  batch?(requests: readonly ChatRequest[], options?: BatchOptions): Promise<BatchItem[]>;
  /** The models that the endpoint serves, live. */
  listModels?(options?: CallOptions): Promise<ModelInfo[]>;
  /** The voices that its requests for speech can name. */
  listVoices?(options?: CallOptions): Promise<VoiceInfo[]>;
  /** @throws {AiLibError} `MODEL_NOT_FOUND`, with near names. */
  getModelInfo?(id: string, options?: CallOptions): Promise<ModelInfo>;
  /** Resolves if the endpoint answers and accepts the key. Costs no tokens. */
  checkHealth?(options?: CallOptions): Promise<void>;
  /** Puts a file into the provider's store: {@link FileStore.upload}, of the first member that has a store. */
  uploadFile?(file: FileUpload, options?: UploadOptions): Promise<StoredFile>;
  /** On a leaf: its file store. Undefined where the provider has none. */
  readonly files?: FileStore | undefined;
  /** On a leaf: batches of its vendor. Undefined where there are none. `client.batchJobs` uses them. */
  readonly batches?: BatchService | undefined;
  /** On a leaf: jobs of its vendor. `ai-lib/jobs` starts them and waits for them. */
  readonly jobs?: JobService | undefined;
  /** The options of a call that begins at this provider, with its own defaults. Servers ask a client for them. */
  callOptions?(options?: CallOptions): CallOptions;
  /** On a leaf. */
  readonly target?: Target | undefined;
  /** On a leaf: the id of the provider in price catalogues, for {@link CallOptions.prices}. */
  readonly priceId?: string | undefined;
  /** On a leaf: the name of the provider in telemetry. Default: its id. */
  readonly telemetryName?: string | undefined;
  /** On a composition. */
  readonly members?: readonly ChatProvider[] | undefined;
  /** What is known of a model (default: the default model) without any I/O. */
  facts?(model?: string): ModelFacts | undefined;
  /** Closes connections, timers and members. */
  close?(): Promise<void>;
}
