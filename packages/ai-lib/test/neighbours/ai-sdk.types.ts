/**
 * The models of `ai-lib/ai-sdk` against the declarations of the AI SDK itself, in each version of its specification.
 * Compiled in CI; nothing here runs.
 */

import type {
  EmbeddingModelV3,
  ImageModelV3,
  LanguageModelV2,
  LanguageModelV3,
  ProviderV3,
  RerankingModelV3,
  SpeechModelV3,
  TranscriptionModelV3,
} from "@ai-sdk/provider";
import type { LanguageModel } from "ai";
import type { LanguageModel as LanguageModelOf5 } from "ai-5";
import type { ChatProvider } from "ai-lib";
import { type AiSdkCallError, aiSdk, fromAiSdk } from "ai-lib/ai-sdk";
import type {
  APICallError,
  EmbeddingModelV4,
  ImageModelV4,
  LanguageModelV4,
  ProviderV4,
} from "ai-sdk-provider-4";

declare const provider: ChatProvider;

export const v4: ProviderV4 = aiSdk(provider);
export const v3: ProviderV3 = aiSdk(provider, { specification: "v3" });

export const models4: [LanguageModelV4, EmbeddingModelV4, ImageModelV4] = [
  aiSdk(provider)("m"),
  aiSdk(provider).embeddingModel("m"),
  aiSdk(provider).imageModel("m"),
];

const three = aiSdk(provider, { specification: "v3" });
export const models3: [
  LanguageModelV3,
  EmbeddingModelV3,
  RerankingModelV3,
  ImageModelV3,
  SpeechModelV3,
  TranscriptionModelV3,
] = [
  three("m"),
  three.embeddingModel("m"),
  three.rerankingModel("m"),
  three.imageModel("m"),
  three.speechModel("m"),
  three.transcriptionModel("m"),
];
export const model2: LanguageModelV2 = aiSdk(provider, { specification: "v2" })("m");
export const forAi6: LanguageModel = three("m");
export const forAi5: LanguageModelOf5 = aiSdk(provider, { specification: "v2" })("m");

declare const theirs: { two: LanguageModelV2; three: LanguageModelV3; four: LanguageModelV4 };
export const back: ChatProvider[] = [fromAiSdk(theirs.two), fromAiSdk(theirs.three), fromAiSdk(theirs.four)];
declare const kinds: {
  embed: EmbeddingModelV3;
  rerank: RerankingModelV3;
  image: ImageModelV3;
  speak: SpeechModelV3;
  transcribe: TranscriptionModelV3;
};
export const all: ChatProvider = fromAiSdk({ chat: theirs.four, ...kinds });

/** All that a program reads of an error. */
declare const error: AiSdkCallError;
export const read: Pick<APICallError, "message" | "url" | "isRetryable" | "requestBodyValues" | "data"> =
  error;
