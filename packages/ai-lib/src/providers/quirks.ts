import type { DialectId, Quirks } from "../core/dialect.js";
import { anthropicMessagesQuirkNames } from "../dialects/anthropic-messages/quirks.js";
import { bedrockConverseQuirkNames } from "../dialects/bedrock-converse/quirks.js";
import { cohereChatQuirkNames } from "../dialects/cohere-chat/quirks.js";
import { geminiQuirkNames } from "../dialects/gemini/quirks.js";
import { mistralChatQuirkNames } from "../dialects/mistral-chat/quirks.js";
import { ollamaChatQuirkNames } from "../dialects/ollama-chat/quirks.js";
import { openAiChatQuirkNames } from "../dialects/openai-chat/quirks.js";
import { openAiResponsesQuirkNames } from "../dialects/openai-responses/quirks.js";

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
