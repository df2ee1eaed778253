import type { DialectId, Quirks } from "../../core/contract/dialect.js";
import type { AnyCheck, Shape } from "../../core/values/check.js";
import { anthropicMessagesQuirks } from "../../dialects/anthropic-messages/shared/quirk-checks.js";
import type { AnthropicMessagesQuirks } from "../../dialects/anthropic-messages/shared/quirks.js";
import { bedrockConverseQuirks } from "../../dialects/bedrock-converse/shared/quirk-checks.js";
import type { BedrockConverseQuirks } from "../../dialects/bedrock-converse/shared/quirks.js";
import { cohereChatQuirks } from "../../dialects/cohere-chat/shared/quirk-checks.js";
import type { CohereChatQuirks } from "../../dialects/cohere-chat/shared/quirks.js";
import { geminiQuirks } from "../../dialects/gemini/shared/quirk-checks.js";
import type { GeminiQuirks } from "../../dialects/gemini/shared/quirks.js";
import { mistralChatQuirks } from "../../dialects/mistral-chat/shared/quirk-checks.js";
import type { MistralChatQuirks } from "../../dialects/mistral-chat/shared/quirks.js";
import { ollamaChatQuirks } from "../../dialects/ollama-chat/shared/quirk-checks.js";
import type { OllamaChatQuirks } from "../../dialects/ollama-chat/shared/quirks.js";
import { openAiChatQuirks } from "../../dialects/openai-chat/shared/quirk-checks.js";
import type { OpenAiChatQuirks } from "../../dialects/openai-chat/shared/quirks.js";
import { openAiResponsesQuirks } from "../../dialects/openai-responses/shared/quirk-checks.js";
import type { OpenAiResponsesQuirks } from "../../dialects/openai-responses/shared/quirks.js";

/** The quirks of each dialect: deviations of one endpoint from what the dialect's vendor documents. */
export interface DialectQuirks {
  readonly "openai-chat": OpenAiChatQuirks;
  readonly "openai-responses": OpenAiResponsesQuirks;
  readonly "anthropic-messages": AnthropicMessagesQuirks;
  readonly gemini: GeminiQuirks;
  readonly "mistral-chat": MistralChatQuirks;
  readonly "cohere-chat": CohereChatQuirks;
  readonly "bedrock-converse": BedrockConverseQuirks;
  readonly "ollama-chat": OllamaChatQuirks;
}

/** The quirks that an endpoint of a dialect may have. */
export type QuirksOf<D extends DialectId> = DialectQuirks[D];

const SHAPES: { readonly [D in DialectId]: Shape<DialectQuirks[D]> } = {
  "openai-chat": openAiChatQuirks,
  "openai-responses": openAiResponsesQuirks,
  "anthropic-messages": anthropicMessagesQuirks,
  gemini: geminiQuirks,
  "mistral-chat": mistralChatQuirks,
  "cohere-chat": cohereChatQuirks,
  "bedrock-converse": bedrockConverseQuirks,
  "ollama-chat": ollamaChatQuirks,
};

/**
 * What is wrong with the quirks of an endpoint, as a sentence; undefined if nothing is. A quirk that is undefined counts
 * as absent, so that an option can switch off what the provider's data says.
 */
export function wrongQuirk(dialect: DialectId, quirks: Quirks): string | undefined {
  const checks = new Map<string, AnyCheck>(Object.entries(SHAPES[dialect]));
  for (const [name, value] of Object.entries(quirks)) {
    const check = checks.get(name);
    if (check === undefined)
      return `unknown quirk "${name}" of the dialect ${dialect}; ${known([...checks.keys()])}`;
    const must = value === undefined ? undefined : check(value);
    if (must !== undefined) return `the quirk ${name} must be ${must}`;
  }
  return undefined;
}

function known(names: readonly string[]): string {
  return names.length === 0 ? "it has none" : `known are: ${names.join(", ")}`;
}
