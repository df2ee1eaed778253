export { AiClient, type ClientDefaults } from "./client/ai-client.js";
export type { AliasTarget } from "./client/aliases.js";
export { AiClientBuilder, type StrategyFactory } from "./client/builder.js";
export type { ContentSource } from "./client/content.js";
export type { ClientFiles, StoreChoice } from "./client/files.js";
export type { MediaHints, MediaSource } from "./client/media-source.js";
export type {
  BrokenObject,
  DeepPartial,
  ElementOf,
  ObjectMode,
  ObjectOptions,
  ObjectResult,
  ObjectStream,
} from "./client/object-types.js";
export type {
  Approval,
  ApprovalContext,
  ApprovalDecision,
  ResumedRun,
  RoundChanges,
  RoundToPrepare,
  RunToolsOptions,
  RunToolsRest,
} from "./client/run-tools-options.js";
export type { AnySchema, OutputOf, StandardSchema, TypeBoxSchema } from "./client/standard-schema.js";
export {
  costReaches,
  type RunSoFar,
  roundsReach,
  type StopCondition,
  toolCalled,
} from "./client/stop-when.js";
export type { ProviderLike } from "./client/target.js";
export {
  type AnyRunnableTool,
  defineTextTool,
  defineTool,
  type RunnableTextTool,
  type RunnableTool,
  type ToolContext,
  type ToolFailure,
  type ToolFunction,
} from "./client/tool.js";
export type { BatchItem, BatchOptions } from "./core/contract/batch.js";
export type * from "./core/contract/batch-job.js";
export type { BatchFacts } from "./core/contract/batch-service.js";
export {
  type Budget,
  type Call,
  type CallContext,
  type CallOf,
  type CallOptions,
  DEFAULT_MAX_REPEATS,
  type MidStream,
} from "./core/contract/call.js";
export { type Clock, type Random, systemClock } from "./core/contract/clock.js";
export type {
  Cannot,
  ClientHalf,
  DecodedRequest,
  DialectId,
  DialectTarget,
  Encoded,
  JobCodec,
  KindCodec,
  KindCodecs,
  KindStreamCodec,
  KindStreamDecoder,
  MediaUrls,
  Pieces,
  Quirks,
  ServedStream,
  ServerFacts,
  ServerHalf,
  ServerKindCodec,
  ServerKindCodecs,
  StreamDecoder,
  StreamHead,
  TextFrames,
  UsageFrames,
  VoiceListCodec,
  VoicePage,
} from "./core/contract/dialect.js";
export type {
  FileContent,
  FileStore,
  ListFilesOptions,
  StoredFile,
  StoredFileState,
} from "./core/contract/file.js";
export type { HealthSource } from "./core/contract/health.js";
export type { MediaFetchOptions } from "./core/contract/media-fetch.js";
export { type Observer, type ObserverEvent, observers } from "./core/contract/observer.js";
export type { ChatProvider } from "./core/contract/provider.js";
export type { EventSink, Flow, Open, PartSink, Sink } from "./core/contract/sink.js";
export type {
  Cell,
  CellKind,
  CellLink,
  CellName,
  CircuitCell,
  CircuitView,
  CooldownCell,
  CooldownView,
  StateCells,
  StateOptions,
  StateSnapshot,
  StateStore,
} from "./core/contract/state.js";
export type {
  ChatStream,
  EventBodyOptions,
  EventFormat,
  EventResponseOptions,
  Expose,
  FinishOf,
  ImageStream,
  KindStream,
  NodeResponse,
  OutgoingEvent,
  SpeechStream,
  StreamErrorLine,
  StreamItem,
  TranscriptStream,
} from "./core/contract/stream.js";
export { DEFAULT_TIMEOUTS, type ResolvedTimeouts, type Timeouts } from "./core/contract/timeouts.js";
export type { ToolRun } from "./core/contract/tool-run.js";
export type {
  AuthStyle,
  Frame,
  Framing,
  HeaderFields,
  HttpReply,
  HttpRequest,
  ServedFraming,
  Transport,
  TransportRequest,
  TransportSink,
} from "./core/contract/transport.js";
export type { FileUpload, UploadOptions, UploadSession } from "./core/contract/upload.js";
export { AiLibError, type AiLibErrorInit } from "./core/errors/error.js";
export { REACTIONS, type Reaction } from "./core/errors/reactions.js";
export { type HandoffOptions, handoff } from "./core/kinds/chat/handoff.js";
export type {
  Accumulator,
  DeliveredContent,
  FetchedFile,
  KindLaws,
  Recovery,
  ReplyFrame,
  RequestTarget,
  Requirements,
  Splice,
  TokenEstimate,
} from "./core/kinds/laws.js";
export type { Composition, OpenProvider, Wrapper } from "./core/run/compose.js";
export type { AnswerFacts, RateLimit, RateLimits, Warning } from "./core/values/answer.js";
export type { Attempt, ServerAddress } from "./core/values/attempt.js";
export {
  type ChatEvent,
  type DeltaEvent,
  type EventBase,
  type FinishEvent,
  isContent,
  type MediaDeltaEvent,
  type PartEndEvent,
  type PartEvent,
  type PartHead,
  type PartStartEvent,
  type PingEvent,
  type RestartEvent,
  type StartEvent,
  type StreamEvent,
  type UsageEvent,
  type WarningEvent,
} from "./core/values/chat-event.js";
export type {
  ChatInput,
  ChatRequest,
  ContextManagement,
  PromptCache,
  Reasoning,
  ResponseFormat,
} from "./core/values/chat-request.js";
export type {
  ChatResponse,
  EndFacts,
  FinishReason,
  RefusalDetails,
  Reply,
} from "./core/values/chat-response.js";
export type { ErrorCode, ErrorScope, Severity, TimeoutPhase } from "./core/values/error-code.js";
export type { Json, JsonObject } from "./core/values/json.js";
export type * from "./core/values/kinds.js";
export {
  type AssistantMessage,
  type AudioPart,
  type CacheMark,
  type CompactionPart,
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
  type VideoClip,
} from "./core/values/message.js";
export type { Modality, ModelFacts, ModelInfo, Price, TokenPrice, UsageUnit } from "./core/values/model.js";
export type { NameForm } from "./core/values/name-form.js";
export type { PollOptions } from "./core/values/poll.js";
export { type CostFacts, costOf, type PriceSource, tierFactor } from "./core/values/price.js";
export type { Target } from "./core/values/target.js";
export {
  type FunctionTool,
  type Grammar,
  type ProviderTool,
  type TextTool,
  type Tool,
  type ToolCaller,
  type ToolChoice,
  type ToolChoiceAmong,
  toolResult,
} from "./core/values/tool.js";
export type {
  OpenRound,
  ToolRound,
  ToolRunProgress,
  ToolRunResult,
  ToolRunState,
} from "./core/values/tool-run.js";
export type {
  ApprovalEvent,
  ApprovalRequestEvent,
  GivenToTool,
  PendingCall,
  RoundEndEvent,
  RoundStartEvent,
  RunEndEvent,
  ToolEndEvent,
  ToolEvent,
  ToolProgressEvent,
  ToolRunEvent,
  ToolRunOutcome,
  ToolStartEvent,
} from "./core/values/tool-run-event.js";
export type {
  CacheWrite,
  TokenCounts,
  TokensByModality,
  Usage,
  UsagePass,
  UsageStatus,
} from "./core/values/usage.js";
export type { ValidationIssue } from "./core/values/validation-issue.js";
export type { ProviderBuilder } from "./providers/builder.js";
export { type KnownTarget, Provider, type ProviderId } from "./providers/catalog.generated.js";
export type {
  BatchesData,
  CredentialForm,
  EndpointVariable,
  KindData,
  ProviderData,
  ProviderFields,
  SpeechData,
} from "./providers/endpoint/data.js";
export { defineProvider } from "./providers/endpoint/define.js";
export type {
  AwsCredentials,
  Credential,
  EndpointOptions,
  ExpiringToken,
  IssuedToken,
  TokenSource,
} from "./providers/endpoint/endpoint.js";
export type { Environment } from "./providers/endpoint/environment.js";
export type { DialectProvider, ProviderOptions } from "./providers/endpoint/provider.js";
export type { DialectQuirks, QuirksOf } from "./providers/endpoint/quirks.js";
export { factoryOf, type ProviderDescription, ProviderFactory } from "./providers/factory.js";
export type {
  AnthropicMessagesQuirks,
  BatchApi,
  BedrockConverseQuirks,
  CohereChatQuirks,
  EffortWord,
  FileApi,
  GeminiQuirks,
  KindApi,
  MistralChatQuirks,
  ModelQuirks,
  OllamaChatQuirks,
  OpenAiChatQuirks,
  OpenAiResponsesQuirks,
  TierWords,
  VendorCodes,
} from "./providers/index.js";
export {
  type AdapterProvider,
  type ChatProviderDefinition,
  type CustomCall,
  type CustomEnd,
  type CustomReply,
  defineChatProvider,
  type KindResult,
} from "./providers/own/adapter.js";
export { CustomProviderBuilder } from "./providers/own/custom.js";
export {
  configuredProviders,
  type ProviderSpec,
  parseSpec,
  provider,
  type TargetName,
} from "./providers/spec.js";
export * from "./resilience/index.js";
export * from "./strategies/index.js";
