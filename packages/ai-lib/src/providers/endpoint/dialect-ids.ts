import type { DialectId } from "../../core/contract/dialect.js";

/** The ids of all dialects. */
export const DIALECT_IDS: readonly DialectId[] = [
  "openai-chat",
  "openai-responses",
  "anthropic-messages",
  "gemini",
  "mistral-chat",
  "cohere-chat",
  "bedrock-converse",
  "ollama-chat",
];
