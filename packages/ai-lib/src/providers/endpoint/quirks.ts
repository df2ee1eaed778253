import type { DialectId, Quirks } from "../../core/contract/dialect.js";
import { anthropicMessagesQuirkNames } from "../../dialects/anthropic-messages/shared/quirks.js";
import { bedrockConverseQuirkNames } from "../../dialects/bedrock-converse/shared/quirks.js";
import { cohereChatQuirkNames } from "../../dialects/cohere-chat/shared/quirks.js";
import { geminiQuirkNames } from "../../dialects/gemini/shared/quirks.js";
import { mistralChatQuirkNames } from "../../dialects/mistral-chat/shared/quirks.js";
import { ollamaChatQuirkNames } from "../../dialects/ollama-chat/shared/quirks.js";
import { openAiChatQuirkNames } from "../../dialects/openai-chat/shared/quirks.js";
import { openAiResponsesQuirkNames } from "../../dialects/openai-responses/shared/quirks.js";

/** The quirk flags that each dialect knows. */
const KNOWN: Partial<Readonly<Record<DialectId, readonly string[]>>> = {
  "openai-chat": openAiChatQuirkNames,
  "openai-responses": openAiResponsesQuirkNames,
  "anthropic-messages": anthropicMessagesQuirkNames,
  gemini: geminiQuirkNames,
  "mistral-chat": mistralChatQuirkNames,
  "bedrock-converse": bedrockConverseQuirkNames,
  "cohere-chat": cohereChatQuirkNames,
  "ollama-chat": ollamaChatQuirkNames,
};

/** What is wrong with some quirks, in words; undefined where nothing is. */
export function unknownQuirk(dialect: DialectId, quirks: Quirks): string | undefined {
  const known = KNOWN[dialect] ?? [];
  const unknown = Object.keys(quirks).find((name) => !known.includes(name));
  return unknown === undefined
    ? undefined
    : `unknown quirk "${unknown}" of the dialect ${dialect}; known are: ${known.join(", ")}`;
}
