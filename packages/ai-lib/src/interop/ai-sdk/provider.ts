import type { CallOptions } from "../../core/contract/call.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import { requireProvider } from "../../core/contract/require-provider.js";
import { configError } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import {
  EmbeddingModel,
  ImageModel,
  RerankingModel,
  SpeechModel,
  TranscriptionModel,
} from "./kind-models.js";
import { LanguageModel, type ModelSettings } from "./language-model.js";
import type {
  AiSdkEmbeddingModel,
  AiSdkImageModel,
  AiSdkLanguageModel,
  AiSdkRerankingModel,
  AiSdkSpeechModel,
  AiSdkTranscriptionModel,
  SpecVersion,
} from "./spec.js";

/** Options of {@link aiSdk}; all optional. */
export interface AiSdkOptions<V extends SpecVersion = SpecVersion> {
  /**
   * The version of the AI SDK's specification: `"v4"` for `ai` 7, `"v3"` for `ai` 6 and 7, `"v2"` for `ai` 5 to 7.
   * Default `"v4"`.
   */
  readonly specification?: V | undefined;
  /**
   * Options of every call: `timeouts`, `observer`, `prices`, and so on. The AI SDK's own `abortSignal` also ends a
   * call.
   */
  readonly call?: CallOptions | undefined;
  /**
   * URLs that are sent to the provider unchanged, by media type, such as `{ "image/*": [/^https:/] }`. The AI SDK
   * downloads all others and passes the bytes on, which every provider accepts. Default: none.
   */
  readonly supportedUrls?: Readonly<Record<string, readonly RegExp[]>> | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set([
  "specification",
  "call",
  "supportedUrls",
] satisfies (keyof AiSdkOptions)[]);

const VERSIONS: ReadonlySet<string> = new Set(["v2", "v3", "v4"] satisfies SpecVersion[]);

/**
 * A provider of the AI SDK. Called with the name of a model, it returns a language model. The names `""`, `"auto"` and
 * `"default"` represent the default of the provider that answers.
 */
export interface AiSdkProvider<V extends SpecVersion = "v4"> {
  (modelId?: string): AiSdkLanguageModel<V>;
  readonly specificationVersion: V;
  languageModel(modelId: string): AiSdkLanguageModel<V>;
  /** @throws {AiSdkNoModelError} where the provider has no embeddings. So do the methods below for their kinds. */
  embeddingModel(modelId: string): AiSdkEmbeddingModel<V>;
  /** The name that AI SDK 5 has for `embeddingModel`. */
  textEmbeddingModel(modelId: string): AiSdkEmbeddingModel<V>;
  rerankingModel(modelId: string): AiSdkRerankingModel<V>;
  imageModel(modelId: string): AiSdkImageModel<V>;
  speechModel(modelId: string): AiSdkSpeechModel<V>;
  transcriptionModel(modelId: string): AiSdkTranscriptionModel<V>;
}

/**
 * Makes a provider of the AI SDK (`ai`) of a provider, a strategy or a client: you can use its models wherever the AI
 * SDK takes one, such as `generateText`, `streamText`, agents, `embed`, `rerank` and `generateImage`.
 *
 * Errors are the AI SDK's `APICallError`. They are marked as not retryable once ai-lib has tried its providers, so that
 * the retries of the AI SDK do not multiply its attempts. Opaque state of an answer, such as signed thinking, is in
 * `providerMetadata["ai-lib"]`, together with cost and attempts, and returns with the next prompt. Fields of a request
 * go into `providerOptions["ai-lib"]`.
 *
 * @example
 * const models = aiSdk(failover([provider("openai"), provider("anthropic")]));
 * // const { text } = await generateText({ model: models("auto"), prompt: "Hello" });
 * @throws {AiLibError} `CONFIG_ERROR` for something that is no provider, for an unknown option, and for `midStream:
 *   "restart"`, since a stream of the AI SDK cannot withdraw events.
 */
export function aiSdk<V extends SpecVersion = "v4">(
  provider: ChatProvider,
  options: AiSdkOptions<V> = {},
): AiSdkProvider<V> {
  requireProvider("aiSdk", provider);
  refuseUnknown("option of aiSdk", options, OPTIONS);
  const { specification: version = "v4" as V, call, supportedUrls = {} } = options;
  if (!VERSIONS.has(version))
    throw configError(`specification must be "v2", "v3" or "v4", not ${String(version)}`);
  if ((provider.callOptions?.(call) ?? call)?.midStream === "restart")
    throw configError(
      'A stream of the AI SDK cannot take back what it sent; use midStream "splice" or "fail"',
    );
  const urls = Object.entries(supportedUrls).map(([type, patterns]) => [type, [...patterns]]);
  const settings: ModelSettings<V> = { provider, version, call, supportedUrls: Object.fromEntries(urls) };
  const languageModel = (modelId = "") => new LanguageModel(settings, modelId);
  const embeddingModel = (modelId: string) => new EmbeddingModel(settings, modelId);
  return Object.assign(languageModel, {
    specificationVersion: version,
    languageModel,
    embeddingModel,
    textEmbeddingModel: embeddingModel,
    rerankingModel: (modelId: string) => new RerankingModel(settings, modelId),
    imageModel: (modelId: string) => new ImageModel(settings, modelId),
    speechModel: (modelId: string) => new SpeechModel(settings, modelId),
    transcriptionModel: (modelId: string) => new TranscriptionModel(settings, modelId),
  });
}
