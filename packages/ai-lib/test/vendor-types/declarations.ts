// The bodies of requests as the vendors' own packages declare them. JSON Schemas are generated from these types.
import type Anthropic from "@anthropic-ai/sdk";
import type { ConverseRequest } from "@aws-sdk/client-bedrock-runtime";
import type {
  Content,
  GenerateContentConfig,
  GenerationConfig,
  SafetySetting,
  Tool,
  ToolConfig,
} from "@google/genai";
import type { ChatCompletionRequest$Outbound } from "@mistralai/mistralai/models/components";
import type { ChatRequest } from "ollama";
import type { ChatCompletionCreateParams } from "openai-7/resources/chat/completions";
import type { ResponseCreateParams } from "openai-7/resources/responses/responses";
// The package exports the form of the wire under no name of its own.
import type { V2ChatRequest } from "../../../../node_modules/cohere-ai/serialization/resources/v2/client/requests/V2ChatRequest.js";

export type OpenAiChat = ChatCompletionCreateParams;
export type OpenAiResponses = ResponseCreateParams;
export type AnthropicMessages = Anthropic.Beta.MessageCreateParams;
/** The package writes out the default of `stream`. */
export type MistralChat = Omit<ChatCompletionRequest$Outbound, "stream"> & { stream?: boolean };
export type OllamaChat = ChatRequest;

/** The package's own type is `ConverseInput`, whose model is part of the path and not of the body. */
export type BedrockConverse = Omit<ConverseRequest, "modelId">;

/** The package declares a body in pieces: its own type has them all within `config`. */
export interface Gemini {
  contents: Content[];
  systemInstruction?: Content;
  generationConfig?: GenerationConfig;
  tools?: Tool[];
  toolConfig?: ToolConfig;
  safetySettings?: SafetySetting[];
  cachedContent?: string;
  serviceTier?: GenerateContentConfig["serviceTier"];
}

/** The package adds `stream` as it sends. */
export interface CohereChat extends V2ChatRequest.Raw {
  stream?: boolean;
}
