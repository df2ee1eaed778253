export type { BatchApi } from "../apis/batches/names.js";
export type { FileApi } from "../apis/files/names.js";
export type { KindApi } from "../apis/index.js";
export type { AnthropicMessagesQuirks } from "../dialects/anthropic-messages/shared/quirks.js";
export type { BedrockConverseQuirks } from "../dialects/bedrock-converse/shared/quirks.js";
export type { CohereChatQuirks } from "../dialects/cohere-chat/shared/quirks.js";
export type { GeminiQuirks } from "../dialects/gemini/shared/quirks.js";
export type { MistralChatQuirks } from "../dialects/mistral-chat/shared/quirks.js";
export type { OllamaChatQuirks } from "../dialects/ollama-chat/shared/quirks.js";
export type { OpenAiChatQuirks } from "../dialects/openai-chat/shared/quirks.js";
export type { OpenAiResponsesQuirks } from "../dialects/openai-responses/shared/quirks.js";
export type { EffortWord } from "../dialects/shared/common/efforts.js";
export type { TierWords } from "../dialects/shared/common/service-tier.js";
export type { VendorCodes } from "../dialects/shared/common/vendor-codes.js";
export type { ModelQuirks } from "../dialects/shared/openai/by-model.js";
export { type KnownTarget, Provider, type ProviderId } from "./catalog.generated.js";
export type {
  BatchesData,
  EndpointVariable,
  KindData,
  ProviderData,
  ProviderFields,
  SpeechData,
} from "./endpoint/data.js";
export { defineProvider } from "./endpoint/define.js";
export type {
  AwsCredentials,
  Credential,
  ExpiringToken,
  IssuedToken,
  TokenSource,
} from "./endpoint/endpoint.js";
export type { DialectProvider, ProviderOptions } from "./endpoint/provider.js";
export type { DialectQuirks, QuirksOf } from "./endpoint/quirks.js";
export { factoryOf, type ProviderDescription, ProviderFactory } from "./factory.js";
export {
  type AdapterProvider,
  type ChatProviderDefinition,
  type CustomCall,
  type CustomEnd,
  type CustomReply,
  defineChatProvider,
} from "./own/adapter.js";
export { CustomProviderBuilder } from "./own/custom.js";
export { ownProviders, readProviders } from "./own/file.js";
export { configuredProviders, type ProviderSpec, parseSpec, provider, type TargetName } from "./spec.js";
