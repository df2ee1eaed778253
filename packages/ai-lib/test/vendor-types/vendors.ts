import type { DialectId } from "../../src/core/contract/dialect.js";

/** A vendor whose requests are held against its own package. */
export interface Vendor {
  readonly dialect: DialectId;
  /** The name of its body in `declarations.ts`. */
  readonly type: string;
  /** The prebuilt provider that requests are encoded for. */
  readonly provider: string;
  /** Fields that the package writes out though the API has a default for them. */
  readonly defaulted?: readonly string[];
  /** Fields with JSON Schemas, of which the package lists the usual keywords. TypeScript accepts objects that have more. */
  readonly schemas?: readonly string[];
}

export const VENDORS: readonly Vendor[] = [
  { dialect: "openai-chat", type: "OpenAiChat", provider: "openai" },
  // `detail` of an image is "auto" by default: https://platform.openai.com/docs/api-reference/responses/create
  {
    dialect: "openai-responses",
    type: "OpenAiResponses",
    provider: "openai-responses",
    defaulted: ["detail"],
  },
  { dialect: "anthropic-messages", type: "AnthropicMessages", provider: "anthropic" },
  { dialect: "gemini", type: "Gemini", provider: "google" },
  // https://docs.mistral.ai/api/endpoint/chat
  { dialect: "mistral-chat", type: "MistralChat", provider: "mistral", defaulted: ["prefix", "index"] },
  { dialect: "cohere-chat", type: "CohereChat", provider: "cohere" },
  { dialect: "bedrock-converse", type: "BedrockConverse", provider: "bedrock" },
  // "JSON Schema for the function parameters": https://github.com/ollama/ollama/blob/main/docs/openapi.yaml
  { dialect: "ollama-chat", type: "OllamaChat", provider: "ollama", schemas: ["parameters"] },
];
