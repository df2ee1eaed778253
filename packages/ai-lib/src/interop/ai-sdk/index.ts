export { AiSdkCallError, AiSdkNoModelError } from "./errors.js";
export { type FromAiSdkOptions, fromAiSdk } from "./from/from-ai-sdk.js";
export type {
  ForeignEmbeddingModel,
  ForeignGenerator,
  ForeignLanguageModel,
  ForeignModels,
  ForeignRerankingModel,
} from "./from/models.js";
export { type AiSdkOptions, type AiSdkProvider, aiSdk } from "./provider.js";
export type * from "./spec.js";
