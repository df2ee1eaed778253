// Replies and stream events as the vendors' own packages declare them. JSON Schemas are generated from these types.
import type Anthropic from "@anthropic-ai/sdk";
import type { ConverseResponse, ConverseStreamOutput } from "@aws-sdk/client-bedrock-runtime";
import type { GenerateContentResponse } from "@google/genai";
import type { ChatResponse } from "ollama";
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";
// The package exports the form of the wire under no name of its own.
import type { V2ChatResponse } from "../../../../node_modules/cohere-ai/serialization/resources/v2/types/V2ChatResponse.js";
import type { V2ChatStreamResponse } from "../../../../node_modules/cohere-ai/serialization/resources/v2/types/V2ChatStreamResponse.js";

export type OpenAiChatReply = ChatCompletion;
export type OpenAiChatEvent = ChatCompletionChunk;
export type OpenAiResponsesReply = Response;
export type OpenAiResponsesEvent = ResponseStreamEvent;
export type AnthropicReply = Anthropic.Beta.BetaMessage;
export type AnthropicEvent = Anthropic.Beta.BetaRawMessageStreamEvent;
export type CohereReply = V2ChatResponse.Raw;
export type CohereEvent = V2ChatStreamResponse.Raw;
export type BedrockReply = Omit<ConverseResponse, "$metadata">;
export type BedrockEvent = ConverseStreamOutput;
export type OllamaReply = ChatResponse;
/** The package declares a last line alone. */
export type OllamaEvent = Pick<ChatResponse, "model" | "created_at" | "message" | "done"> &
  Partial<ChatResponse>;

/** The package's own type is a class that reads the fields. */
export type GeminiReply = Pick<
  GenerateContentResponse,
  "candidates" | "createTime" | "modelVersion" | "promptFeedback" | "responseId" | "usageMetadata"
>;
