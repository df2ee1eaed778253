import type { SpecCallOptions, SpecFileData, SpecOptions, SpecToolOutput } from "../spec.js";

/**
 * The parts of the AI SDK's models that are read here, of all versions. Their results are not trusted to follow the
 * specification.
 */
export interface ForeignLanguageModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: never): PromiseLike<unknown>;
  doStream(options: never): PromiseLike<{ readonly stream: ReadableStream<unknown> }>;
}

/** A model of a kind besides chat. */
interface ForeignModel {
  readonly provider: string;
  readonly modelId: string;
}

/** An embedding model of any version. */
export interface ForeignEmbeddingModel extends ForeignModel {
  readonly maxEmbeddingsPerCall?: PromiseLike<number | undefined> | number | undefined;
  doEmbed(options: never): PromiseLike<unknown>;
}

/** A reranking model of any version. */
export interface ForeignRerankingModel extends ForeignModel {
  doRerank(options: never): PromiseLike<unknown>;
}

/** An image, speech or transcription model of any version. */
export interface ForeignGenerator extends ForeignModel {
  doGenerate(options: never): PromiseLike<unknown>;
}

/** Models of the AI SDK that make one provider, by the kind of call that each answers. */
export interface ForeignModels {
  readonly chat?: ForeignLanguageModel | undefined;
  readonly embed?: ForeignEmbeddingModel | undefined;
  readonly rerank?: ForeignRerankingModel | undefined;
  readonly image?: ForeignGenerator | undefined;
  readonly speak?: ForeignGenerator | undefined;
  readonly transcribe?: ForeignGenerator | undefined;
}

/** A part of a prompt that is written here, with its data in the form of one version. */
export interface WrittenPart {
  readonly type: string;
  readonly text?: string;
  readonly data?: SpecFileData;
  readonly mediaType?: string;
  readonly filename?: string;
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly input?: unknown;
  readonly providerExecuted?: boolean;
  readonly output?: SpecToolOutput;
  readonly providerOptions?: SpecOptions;
}

/** A message of a prompt that is written here. */
export interface WrittenMessage {
  readonly role: string;
  readonly content: string | readonly WrittenPart[];
  readonly providerOptions?: SpecOptions;
}

/** The options of a call that is made here. */
export type WrittenOptions = Omit<SpecCallOptions, "prompt"> & { readonly prompt: readonly WrittenMessage[] };
