export { AiClient, type ClientDefaults } from "./client/ai-client.js";
export { AiClientBuilder, type StrategyFactory } from "./client/builder.js";
export type { MediaHints, MediaSource } from "./client/media-source.js";
export type { ObjectMode, ObjectOptions, ObjectResult, ObjectStream } from "./client/object.js";
export {
  defineTool,
  type RunnableTool,
  type RunToolsOptions,
  type ToolContext,
  type ToolRound,
  type ToolRun,
} from "./client/run-tools.js";
export type { AnySchema, OutputOf, StandardSchema } from "./client/schema.js";
export type { ProviderLike } from "./client/target.js";
export type { UploadFileOptions } from "./client/uploads.js";
export type { Attempt, ServerAddress } from "./core/attempt.js";
export type { BatchItem, BatchOptions } from "./core/batch.js";
export {
  type Budget,
  type Call,
  type CallContext,
  type CallOptions,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_TIMEOUTS,
  type MidStream,
  type ResolvedTimeouts,
  type Timeouts,
} from "./core/call.js";
export { type Clock, type Random, systemClock } from "./core/clock.js";
export { Composition, OpenProvider, Wrapper } from "./core/compose.js";
export type {
  Cannot,
  ClientHalf,
  DecodedRequest,
  DialectId,
  DialectTarget,
  Encoded,
  Quirks,
  ServerFacts,
  ServerHalf,
  StreamDecoder,
} from "./core/dialect.js";
export { AiLibError, type AiLibErrorInit } from "./core/error.js";
export {
  type ChatEvent,
  type DeltaEvent,
  type FinishEvent,
  isContent,
  type MediaDeltaEvent,
  type PartEndEvent,
  type PartEvent,
  type PartHead,
  type PartStartEvent,
  type RestartEvent,
  type StartEvent,
  type StreamEvent,
  type WarningEvent,
} from "./core/event.js";
export { type HandoffOptions, handoff } from "./core/handoff.js";
export type { HealthSource } from "./core/health.js";
export type {
  AuthStyle,
  Frame,
  Framing,
  HttpReply,
  HttpRequest,
  Transport,
  TransportRequest,
  TransportSink,
} from "./core/http.js";
export type { Json, JsonObject } from "./core/json.js";
export { openMember } from "./core/member.js";
export {
  type AssistantMessage,
  type AudioPart,
  type CacheMark,
  type ContentPart,
  type Extensions,
  type FilePart,
  type ImagePart,
  type MediaPart,
  type Message,
  type MessageBase,
  type Origin,
  type PartBase,
  type ReasoningPart,
  type RefusalPart,
  type SourcePart,
  type SystemMessage,
  type TextPart,
  type TokenLogprob,
  type ToolCallPart,
  type ToolMessage,
  type ToolResultContent,
  type ToolResultPart,
  textOf,
  type UploadedFile,
  type UserMessage,
  type UserPart,
} from "./core/message.js";
export type { Modality, ModelFacts, ModelInfo, Price } from "./core/model.js";
export { type Observer, type ObserverEvent, observers } from "./core/observer.js";
export { costOf, type PriceSource } from "./core/price.js";
export type { ChatProvider, Target } from "./core/provider.js";
export {
  type ErrorCode,
  type ErrorScope,
  REACTIONS,
  type Reaction,
  type Severity,
  type TimeoutPhase,
} from "./core/reaction.js";
export type { ChatInput, ChatRequest, Reasoning, ResponseFormat } from "./core/request.js";
export type {
  ChatResponse,
  EndFacts,
  FinishReason,
  RateLimit,
  RateLimits,
  Reply,
  Warning,
} from "./core/response.js";
export type { EventSink, Flow, Open, PartSink } from "./core/sink.js";
export type { ChatStream } from "./core/stream.js";
export { type FunctionTool, type ProviderTool, type Tool, type ToolChoice, toolResult } from "./core/tool.js";
export type { FileUpload, FileUploadOptions } from "./core/upload.js";
export type { Usage, UsageStatus } from "./core/usage.js";
export {
  AdapterProvider,
  type ChatProviderDefinition,
  type CustomCall,
  type CustomEnd,
  type CustomReply,
  defineChatProvider,
} from "./providers/adapter.js";
export { ProviderBuilder } from "./providers/builder.js";
export * from "./providers/builders.generated.js";
export { Provider, type ProviderId } from "./providers/catalog.generated.js";
export { CustomProviderBuilder } from "./providers/custom.js";
export type { EndpointVariable, ProviderData } from "./providers/data.js";
export { DialectProvider, defineProvider, type ProviderOptions } from "./providers/define.js";
export type {
  AwsCredentials,
  Credential,
  EndpointOptions,
  ExpiringToken,
  TokenSource,
} from "./providers/endpoint.js";
export type { Environment } from "./providers/environment.js";
export { factoryOf, type ProviderDescription, ProviderFactory } from "./providers/factory.js";
export { type ProviderSpec, parseSpec, provider } from "./providers/spec.js";
export * from "./resilience/index.js";
export * from "./strategies/index.js";
