import type { CallOptions } from "../../core/contract/call.js";
import { systemClock } from "../../core/contract/clock.js";
import { CHAT_ONLY } from "../../core/contract/provider.js";
import type { AnswerFacts } from "../../core/values/answer.js";
import { base64OfBytes, bytesOfBase64 } from "../../core/values/base64.js";
import type { Picture } from "../../core/values/image.js";
import type { JsonObject } from "../../core/values/json.js";
import type { Kind, RequestOf, ResponseOf } from "../../core/values/kinds.js";
import type { SoundFormat } from "../../core/values/speech.js";
import type { SpokenSegment, TranscribeRequest } from "../../core/values/transcription.js";
import { answerMetadata, responseFacts, specWarning } from "./answer.js";
import { AiSdkNoModelError, thrownError } from "./errors.js";
import { type ModelSettings, requestedModel } from "./language-model.js";
import { mediaPart } from "./media.js";
import { OWN, ownFields } from "./own-fields.js";
import { callOptionsOf } from "./request.js";
import type {
  AiSdkEmbeddingModel,
  AiSdkImageModel,
  AiSdkRerankingModel,
  AiSdkSpeechModel,
  AiSdkTranscriptionModel,
  SpecCallOptions,
  SpecEmbedOptions,
  SpecImageFile,
  SpecImageOptions,
  SpecRerankOptions,
  SpecSegment,
  SpecSpeechOptions,
  SpecTranscribeOptions,
  SpecVersion,
  SpecWarning,
} from "./spec.js";

type Asked = Pick<SpecCallOptions, "abortSignal" | "headers" | "providerOptions">;

/** The AI SDK's name of the models of each kind. */
const TYPES = {
  embed: "embeddingModel",
  rerank: "rerankingModel",
  image: "imageModel",
  speak: "speechModel",
  transcribe: "transcriptionModel",
} as const satisfies { readonly [K in Kind]?: string };

type ModelKind = keyof typeof TYPES;

/** What the models of all kinds but chat share. */
class KindModel<V extends SpecVersion, K extends ModelKind> {
  readonly specificationVersion: V;
  readonly provider: string;
  private readonly answer: (request: RequestOf<K>, options: CallOptions) => Promise<ResponseOf<K>>;

  /** @throws {AiSdkNoModelError} where the provider does not answer the kind. */
  constructor(
    private readonly settings: ModelSettings<V>,
    readonly modelId: string,
    kind: K,
  ) {
    const { provider, version } = settings;
    const answer = provider[kind] as
      | ((request: unknown, options: CallOptions) => Promise<unknown>)
      | undefined;
    if (answer === undefined || !(provider.kinds?.() ?? CHAT_ONLY).has(kind))
      throw new AiSdkNoModelError(modelId, TYPES[kind], provider.name);
    this.specificationVersion = version;
    this.provider = provider.name;
    this.answer = (request, options) => answer.call(provider, request, options) as Promise<ResponseOf<K>>;
  }

  /** The answer to a request, in which fields under `providerOptions["ai-lib"]` come first. */
  protected async ask(request: Omit<RequestOf<K>, "model">, options: Asked): Promise<ResponseOf<K>> {
    const model = requestedModel(this.modelId);
    const whole = { ...request, ...ownFields(options.providerOptions), model } as unknown as RequestOf<K>;
    try {
      return await this.answer(whole, callOptionsOf(options, this.settings.call));
    } catch (error) {
      throw thrownError(error, { request: whole, signal: options.abortSignal, now: this.now() });
    }
  }

  protected facts(response: AnswerFacts) {
    return responseFacts(response, this.now());
  }

  private now(): number {
    return (this.settings.call?.clock ?? systemClock).now();
  }
}

function messages(response: AnswerFacts, more: readonly string[] = []): { type: "other"; message: string }[] {
  return [...response.warnings.map(({ message }) => message), ...more].map((message) => ({
    type: "other",
    message,
  }));
}

function warningsOf(response: AnswerFacts): SpecWarning<"v3">[] {
  return response.warnings.map(specWarning);
}

/** A provider as an embedding model of the AI SDK. */
export class EmbeddingModel<V extends SpecVersion>
  extends KindModel<V, "embed">
  implements AiSdkEmbeddingModel<V>
{
  /** ai-lib divides long lists itself. */
  readonly maxEmbeddingsPerCall: number | undefined = undefined;
  readonly supportsParallelCalls = true;

  constructor(settings: ModelSettings<V>, modelId: string) {
    super(settings, modelId, "embed");
  }

  async doEmbed(options: SpecEmbedOptions): ReturnType<AiSdkEmbeddingModel<V>["doEmbed"]> {
    const { values, dimensions } = options;
    const response = await this.ask(
      { inputs: values, ...(dimensions !== undefined && { dimensions }) },
      options,
    );
    return {
      embeddings: response.embeddings.map((vector) => [...vector]),
      usage: { tokens: response.usage.inputTokens },
      providerMetadata: answerMetadata(response),
      response: { headers: this.facts(response).headers },
      warnings: warningsOf(response),
    };
  }
}

/** A provider as a reranking model of the AI SDK. */
export class RerankingModel<V extends SpecVersion>
  extends KindModel<V, "rerank">
  implements AiSdkRerankingModel<V>
{
  constructor(settings: ModelSettings<V>, modelId: string) {
    super(settings, modelId, "rerank");
  }

  async doRerank(options: SpecRerankOptions): ReturnType<AiSdkRerankingModel<V>["doRerank"]> {
    const { documents, query, topN } = options;
    const response = await this.ask(
      { query, documents: documents.values as readonly JsonObject[], ...(topN !== undefined && { topN }) },
      options,
    );
    return {
      ranking: response.results.map(({ index, score }) => ({ index, relevanceScore: score })),
      providerMetadata: answerMetadata(response),
      warnings: warningsOf(response),
      response: this.facts(response),
    };
  }
}

/** A provider as an image model of the AI SDK. */
export class ImageModel<V extends SpecVersion> extends KindModel<V, "image"> implements AiSdkImageModel<V> {
  readonly maxImagesPerCall: number | undefined = undefined;

  constructor(settings: ModelSettings<V>, modelId: string) {
    super(settings, modelId, "image");
  }

  async doGenerate(options: SpecImageOptions): ReturnType<AiSdkImageModel<V>["doGenerate"]> {
    const { prompt, n, size, aspectRatio, seed, files, mask } = options;
    const response = await this.ask(
      {
        prompt: prompt ?? "",
        n,
        ...(size !== undefined && { size }),
        ...(aspectRatio !== undefined && { aspectRatio }),
        ...(seed !== undefined && { seed }),
        ...(files !== undefined && files.length > 0 && { images: files.map(picture) }),
        ...(mask !== undefined && { mask: picture(mask) }),
      },
      options,
    );
    const { inputTokens, outputTokens } = response.usage;
    return {
      images: response.images.flatMap(({ data }) => (data === undefined ? [] : [data])),
      warnings: messages(
        response,
        response.images.flatMap(({ url }) =>
          url === undefined ? [] : [`The provider answered with an address instead of a picture: ${url}`],
        ),
      ),
      response: this.facts(response),
      usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
      providerMetadata: {
        [OWN]: {
          ...answerMetadata(response)[OWN],
          images: response.images.map(({ revisedPrompt, mediaType, url }) => ({
            ...(revisedPrompt !== undefined && { revisedPrompt }),
            ...(mediaType !== undefined && { mediaType }),
            ...(url !== undefined && { url }),
          })),
        },
      },
    };
  }
}

function picture(file: SpecImageFile): Picture {
  const { data, url, mediaType } =
    file.type === "url" ? mediaPart(file.url, "image/*") : mediaPart(file.data, file.mediaType);
  return { data, url, mediaType };
}

const FORMATS: ReadonlySet<string> = new Set([
  "mp3",
  "wav",
  "opus",
  "aac",
  "flac",
  "pcm",
] satisfies SoundFormat[]);

/** A provider as a speech model of the AI SDK. */
export class SpeechModel<V extends SpecVersion> extends KindModel<V, "speak"> implements AiSdkSpeechModel<V> {
  constructor(settings: ModelSettings<V>, modelId: string) {
    super(settings, modelId, "speak");
  }

  async doGenerate(options: SpecSpeechOptions): ReturnType<AiSdkSpeechModel<V>["doGenerate"]> {
    const { text, voice, outputFormat, instructions, speed, language } = options;
    const isKnown = outputFormat === undefined || FORMATS.has(outputFormat);
    const response = await this.ask(
      {
        text,
        ...(voice !== undefined && { voice }),
        ...(isKnown && outputFormat !== undefined && { format: outputFormat as SoundFormat }),
        ...(instructions !== undefined && { instructions }),
        ...(speed !== undefined && { speed }),
        ...(language !== undefined && { language }),
      },
      options,
    );
    const unknown = `The format ${outputFormat} is none of ${[...FORMATS].join(", ")}; the provider's own was used`;
    return {
      audio: bytesOfBase64(response.audio.data),
      warnings: messages(response, isKnown ? [] : [unknown]),
      response: this.facts(response),
      providerMetadata: answerMetadata(response),
    };
  }
}

/** A provider as a transcription model of the AI SDK. */
export class TranscriptionModel<V extends SpecVersion>
  extends KindModel<V, "transcribe">
  implements AiSdkTranscriptionModel<V>
{
  constructor(settings: ModelSettings<V>, modelId: string) {
    super(settings, modelId, "transcribe");
  }

  doGenerate(options: SpecTranscribeOptions): ReturnType<AiSdkTranscriptionModel<V>["doGenerate"]> {
    const { audio, mediaType } = options;
    const data = typeof audio === "string" ? audio : base64OfBytes(audio);
    return this.transcribe({ data, mediaType }, options);
  }

  /** Version 4 hands an address on where the provider reads it itself. */
  doGenerateFromUrl(
    options: Omit<SpecTranscribeOptions, "audio" | "mediaType"> & { readonly audio: URL },
  ): ReturnType<AiSdkTranscriptionModel<V>["doGenerate"]> {
    return this.transcribe({ url: options.audio.href }, options);
  }

  private async transcribe(
    audio: TranscribeRequest["audio"],
    options: Omit<SpecTranscribeOptions, "audio" | "mediaType">,
  ): ReturnType<AiSdkTranscriptionModel<V>["doGenerate"]> {
    const { timestampGranularities: timestamps } = options;
    const response = await this.ask({ audio, ...(timestamps !== undefined && { timestamps }) }, options);
    return {
      text: response.text,
      segments: (response.segments ?? []).map(segment),
      words: (response.words ?? []).map(segment),
      language: response.language,
      durationInSeconds: response.durationSeconds,
      warnings: messages(response),
      response: this.facts(response),
      providerMetadata: answerMetadata(response),
    };
  }
}

function segment({ text, start, end }: SpokenSegment): SpecSegment {
  return { text, startSecond: start, endSecond: end };
}
