/**
 * The interfaces of the AI SDK that this folder reads and writes, by version of its specification. They are written
 * here, and checked against the types of `@ai-sdk/provider` by `test/ai-sdk.types.ts`, so that neither the code nor
 * the declarations of ai-lib need that package. Source: https://ai-sdk.dev/providers/community-providers/custom-providers
 * and the types of `@ai-sdk/provider` 2 (v2, AI SDK 5), 3 (v3, AI SDK 6) and 4 (v4, AI SDK 7).
 */

/** Versions of the specification of models. */
export type SpecVersion = "v2" | "v3" | "v4";

/** A value of JSON, as the AI SDK declares it. */
export type SpecJson = null | string | number | boolean | SpecObject | SpecJson[];

/** An object of JSON, as the AI SDK declares it. */
export interface SpecObject {
  [key: string]: SpecJson;
}

/** Fields of providers, by the name of the provider. */
export type SpecMetadata = Record<string, SpecObject>;

/** Settings of providers in a call, by the name of the provider. */
export type SpecOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Bytes, base64 or a URL (v2, v3), or one of these with a type (v4). */
export type SpecFileData =
  | Uint8Array
  | string
  | URL
  | { readonly type: "data"; readonly data: Uint8Array | string }
  | { readonly type: "url"; readonly url: URL | string }
  | { readonly type: "reference"; readonly reference: Readonly<Record<string, string>> }
  | { readonly type: "text"; readonly text: string };

interface WithOptions {
  readonly providerOptions?: SpecOptions | undefined;
}

/** A part of a message of a prompt. */
export type SpecPart = WithOptions &
  (
    | { readonly type: "text" | "reasoning"; readonly text: string }
    | {
        readonly type: "file" | "reasoning-file";
        readonly data: SpecFileData;
        readonly mediaType: string;
        readonly filename?: string | undefined;
      }
    | { readonly type: "custom"; readonly kind?: string | undefined }
    | {
        readonly type: "tool-call";
        readonly toolCallId: string;
        readonly toolName: string;
        readonly input: unknown;
        readonly providerExecuted?: boolean | undefined;
      }
    | {
        readonly type: "tool-result";
        readonly toolCallId: string;
        readonly toolName: string;
        readonly output: SpecToolOutput;
      }
    | { readonly type: "tool-approval-response"; readonly approvalId: string; readonly approved: boolean }
  );

/** What a tool returned. */
export type SpecToolOutput = WithOptions &
  (
    | { readonly type: "text" | "error-text"; readonly value: string }
    | { readonly type: "json" | "error-json"; readonly value: unknown }
    | { readonly type: "execution-denied"; readonly reason?: string | undefined }
    | { readonly type: "content"; readonly value: readonly SpecToolContent[] }
  );

/** A part of a tool's result, in the form of any version. */
export interface SpecToolContent extends WithOptions {
  readonly type: string;
  readonly text?: string | undefined;
  readonly data?: SpecFileData | undefined;
  readonly url?: string | undefined;
  readonly mediaType?: string | undefined;
  readonly filename?: string | undefined;
}

/** A message of a prompt. */
export type SpecMessage = WithOptions &
  (
    | { readonly role: "system"; readonly content: string }
    | { readonly role: "user" | "assistant" | "tool"; readonly content: readonly SpecPart[] }
  );

/** A tool of a call. */
export type SpecTool =
  | {
      readonly type: "function";
      readonly name: string;
      readonly description?: string | undefined;
      readonly inputSchema: unknown;
      readonly inputExamples?: readonly { readonly input: unknown }[] | undefined;
      readonly strict?: boolean | undefined;
      readonly providerOptions?: SpecOptions | undefined;
    }
  | {
      /** v2 says `provider-defined`. */
      readonly type: "provider" | "provider-defined";
      readonly id: `${string}.${string}`;
      readonly name: string;
      readonly args: Readonly<Record<string, unknown>>;
    };

interface SharedCallOptions extends WithOptions {
  readonly abortSignal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What a language model is asked. */
export interface SpecCallOptions extends SharedCallOptions {
  readonly prompt: readonly SpecMessage[];
  readonly maxOutputTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly seed?: number | undefined;
  readonly responseFormat?:
    | { readonly type: "text" }
    | {
        readonly type: "json";
        readonly schema?: unknown;
        readonly name?: string | undefined;
        readonly description?: string | undefined;
      }
    | undefined;
  readonly tools?: readonly SpecTool[] | undefined;
  readonly toolChoice?:
    | { readonly type: "auto" | "none" | "required" }
    | { readonly type: "tool"; readonly toolName: string }
    | undefined;
  readonly includeRawChunks?: boolean | undefined;
  /** v4 alone. */
  readonly reasoning?:
    | "provider-default"
    | "none"
    | "minimal"
    | "low"
    | "medium"
    | "high"
    | "xhigh"
    | "max"
    | undefined;
}

/** Something that could not be honoured. */
export type SpecWarning<V extends SpecVersion = "v4"> = V extends "v2"
  ? { type: "other"; message: string }
  : { type: "unsupported"; feature: string; details?: string } | { type: "other"; message: string };

interface WithMetadata {
  providerMetadata?: SpecMetadata;
}

/** A file of an answer. */
export type SpecFile<V extends SpecVersion> = V extends "v4"
  ? WithMetadata & {
      type: "file";
      mediaType: string;
      data: { type: "data"; data: string } | { type: "url"; url: URL };
    }
  : WithMetadata & { type: "file"; mediaType: string; data: string };

/** A call of a tool. */
export interface SpecToolCall extends WithMetadata {
  type: "tool-call";
  toolCallId: string;
  toolName: string;
  /** JSON text. */
  input: string;
  providerExecuted?: boolean;
  dynamic?: boolean;
}

/** What a tool that the provider ran returned. */
export interface SpecToolResult extends WithMetadata {
  type: "tool-result";
  toolCallId: string;
  toolName: string;
  result: NonNullable<SpecJson>;
  isError?: boolean;
  providerExecuted?: boolean;
  dynamic?: boolean;
}

/** A source of an answer. */
export type SpecSource = WithMetadata &
  (
    | { type: "source"; sourceType: "url"; id: string; url: string; title?: string }
    | { type: "source"; sourceType: "document"; id: string; mediaType: string; title: string }
  );

/** A part of an answer. */
export type SpecContent<V extends SpecVersion = "v4"> =
  | (WithMetadata & { type: "text" | "reasoning"; text: string })
  | SpecFile<V>
  | SpecSource
  | SpecToolCall
  | SpecToolResult;

/** Why an answer ended, in the words of all versions. */
export type SpecFinishWord = "stop" | "length" | "content-filter" | "tool-calls" | "other";

/** Why an answer ended. */
export type SpecFinishReason<V extends SpecVersion = "v4"> = V extends "v2"
  ? SpecFinishWord
  : { unified: SpecFinishWord; raw: string | undefined };

/** What an answer used. */
export type SpecUsage<V extends SpecVersion = "v4"> = V extends "v2"
  ? {
      inputTokens: number | undefined;
      outputTokens: number | undefined;
      totalTokens: number | undefined;
      reasoningTokens?: number | undefined;
      cachedInputTokens?: number | undefined;
    }
  : {
      inputTokens: {
        total: number | undefined;
        noCache: number | undefined;
        cacheRead: number | undefined;
        cacheWrite: number | undefined;
      };
      outputTokens: { total: number | undefined; text: number | undefined; reasoning: number | undefined };
      raw?: SpecObject;
    };

/** A whole answer. */
export interface SpecGenerateResult<V extends SpecVersion = "v4"> {
  content: SpecContent<V>[];
  finishReason: SpecFinishReason<V>;
  usage: SpecUsage<V>;
  providerMetadata?: SpecMetadata;
  response?: { id?: string; timestamp?: Date; modelId?: string; headers?: Record<string, string> };
  warnings: SpecWarning<V>[];
}

/** A part of a stream. */
export type SpecStreamPart<V extends SpecVersion = "v4"> =
  | { type: "stream-start"; warnings: SpecWarning<V>[] }
  | { type: "response-metadata"; id?: string; timestamp?: Date; modelId?: string }
  | (WithMetadata & { type: "text-start" | "text-end" | "reasoning-start" | "reasoning-end"; id: string })
  | (WithMetadata & { type: "text-delta" | "reasoning-delta"; id: string; delta: string })
  | (WithMetadata & {
      type: "tool-input-start";
      id: string;
      toolName: string;
      providerExecuted?: boolean;
      dynamic?: boolean;
    })
  | (WithMetadata & { type: "tool-input-delta"; id: string; delta: string })
  | (WithMetadata & { type: "tool-input-end"; id: string })
  | SpecFile<V>
  | SpecSource
  | SpecToolCall
  | SpecToolResult
  | (WithMetadata & { type: "finish"; usage: SpecUsage<V>; finishReason: SpecFinishReason<V> })
  | { type: "error"; error: unknown };

/** A language model of the AI SDK. */
export interface AiSdkLanguageModel<V extends SpecVersion = "v4"> {
  readonly specificationVersion: V;
  readonly provider: string;
  readonly modelId: string;
  /** URLs that are passed on unchanged. The AI SDK downloads all others. */
  readonly supportedUrls: Record<string, RegExp[]>;
  doGenerate(options: SpecCallOptions): Promise<SpecGenerateResult<V>>;
  doStream(options: SpecCallOptions): Promise<{ stream: ReadableStream<SpecStreamPart<V>> }>;
}

interface KindModel<V extends SpecVersion> {
  readonly specificationVersion: V;
  readonly provider: string;
  readonly modelId: string;
}

interface KindResponse {
  timestamp: Date;
  modelId: string;
  headers: Record<string, string>;
}

/** What an embedding model is asked. */
export interface SpecEmbedOptions extends SharedCallOptions {
  readonly values: readonly string[];
  /** v4 alone. */
  readonly dimensions?: number | undefined;
}

/** An embedding model of the AI SDK. */
export interface AiSdkEmbeddingModel<V extends SpecVersion = "v4"> extends KindModel<V> {
  readonly maxEmbeddingsPerCall: number | undefined;
  readonly supportsParallelCalls: boolean;
  doEmbed(options: SpecEmbedOptions): Promise<{
    embeddings: number[][];
    usage: { tokens: number };
    providerMetadata: SpecMetadata;
    response: { headers: Record<string, string> };
    warnings: SpecWarning<"v3">[];
  }>;
}

/** What a reranking model is asked. */
export interface SpecRerankOptions extends SharedCallOptions {
  readonly documents:
    | { readonly type: "text"; readonly values: readonly string[] }
    | { readonly type: "object"; readonly values: readonly object[] };
  readonly query: string;
  readonly topN?: number | undefined;
}

/** A reranking model of the AI SDK. */
export interface AiSdkRerankingModel<V extends SpecVersion = "v4"> extends KindModel<V> {
  doRerank(options: SpecRerankOptions): Promise<{
    ranking: { index: number; relevanceScore: number }[];
    providerMetadata: SpecMetadata;
    warnings: SpecWarning<"v3">[];
    response: KindResponse & { id: string };
  }>;
}

/** A picture that an image model starts from. */
export type SpecImageFile =
  | { readonly type: "file"; readonly mediaType: string; readonly data: string | Uint8Array }
  | { readonly type: "url"; readonly url: string };

/** What an image model is asked. */
export interface SpecImageOptions extends SharedCallOptions {
  readonly prompt: string | undefined;
  readonly n: number;
  readonly size: string | undefined;
  readonly aspectRatio: string | undefined;
  readonly seed: number | undefined;
  /** Absent in v2. */
  readonly files?: readonly SpecImageFile[] | undefined;
  readonly mask?: SpecImageFile | undefined;
}

/** An image model of the AI SDK. */
export interface AiSdkImageModel<V extends SpecVersion = "v4"> extends KindModel<V> {
  /** The AI SDK makes one call for each picture. */
  readonly maxImagesPerCall: number | undefined;
  doGenerate(options: SpecImageOptions): Promise<{
    images: string[];
    warnings: { type: "other"; message: string }[];
    response: KindResponse;
    usage: { inputTokens: number; outputTokens: number; totalTokens: number };
    providerMetadata: Record<string, { images: SpecJson[] } & SpecObject>;
  }>;
}

/** What a speech model is asked. */
export interface SpecSpeechOptions extends SharedCallOptions {
  readonly text: string;
  readonly voice?: string | undefined;
  readonly outputFormat?: string | undefined;
  readonly instructions?: string | undefined;
  readonly speed?: number | undefined;
  readonly language?: string | undefined;
}

/** A speech model of the AI SDK. */
export interface AiSdkSpeechModel<V extends SpecVersion = "v4"> extends KindModel<V> {
  doGenerate(options: SpecSpeechOptions): Promise<{
    audio: Uint8Array;
    warnings: { type: "other"; message: string }[];
    response: KindResponse;
    providerMetadata: SpecMetadata;
  }>;
}

/** What a transcription model is asked. */
export interface SpecTranscribeOptions extends SharedCallOptions {
  readonly audio: Uint8Array | string;
  readonly mediaType: string;
  /** v4 alone. */
  readonly timestampGranularities?: readonly ("word" | "segment")[] | undefined;
}

/** A piece of what was said. */
export interface SpecSegment {
  text: string;
  startSecond: number;
  endSecond: number;
}

/** A transcription model of the AI SDK. */
export interface AiSdkTranscriptionModel<V extends SpecVersion = "v4"> extends KindModel<V> {
  doGenerate(options: SpecTranscribeOptions): Promise<{
    text: string;
    segments: SpecSegment[];
    words: SpecSegment[];
    language: string | undefined;
    durationInSeconds: number | undefined;
    warnings: { type: "other"; message: string }[];
    response: KindResponse;
    providerMetadata: SpecMetadata;
  }>;
}
