import { describe, expect, it } from "vitest";
import type { ClientHalf, Quirks } from "../../src/core/contract/dialect.js";
import type { Reasoning } from "../../src/core/values/chat-request.js";
import { client as anthropic } from "../../src/dialects/anthropic-messages/client/index.js";
import { client as bedrock } from "../../src/dialects/bedrock-converse/client/index.js";
import { client as cohere } from "../../src/dialects/cohere-chat/client/index.js";
import { client as gemini } from "../../src/dialects/gemini/client/index.js";
import { client as mistral } from "../../src/dialects/mistral-chat/client/index.js";
import { client as ollama } from "../../src/dialects/ollama-chat/client/index.js";
import { client as chat } from "../../src/dialects/openai-chat/client/index.js";
import { client as responses } from "../../src/dialects/openai-responses/client/index.js";
import { encodedBy } from "../support/encoded.js";

/** What turns thinking on or off in a body, by dialect and model. */
interface Thinker {
  readonly client: ClientHalf;
  readonly model?: string;
  readonly quirks?: Quirks;
  /** The fields of a body that asks for thinking: without a measure, and with a budget of 8,192 tokens. */
  readonly bare: unknown;
  readonly budget: unknown;
  /** The fields of a body that turns it off, with a budget of 0. */
  readonly off: unknown;
}

const THINKERS: Readonly<Record<string, Thinker>> = {
  "openai-chat": {
    client: chat,
    bare: { reasoning_effort: "medium" },
    budget: { reasoning_effort: "medium" },
    off: { reasoning_effort: "none" },
  },
  "openai-chat, reasoning": {
    client: chat,
    quirks: { reasoningRequest: "reasoning" },
    bare: { reasoning: { enabled: true } },
    budget: { reasoning: { max_tokens: 8_192 } },
    off: { reasoning: { effort: "none" } },
  },
  "openai-chat, thinking": {
    client: chat,
    quirks: { reasoningRequest: "thinking" },
    bare: { thinking: { type: "enabled" } },
    budget: { thinking: { type: "enabled" } },
    off: { thinking: { type: "disabled" } },
  },
  "openai-chat, thinking and an effort": {
    client: chat,
    quirks: { reasoningRequest: "thinking", thinkingEffort: true, reasoningEfforts: ["low", "high", "max"] },
    bare: { thinking: { type: "enabled" } },
    budget: { thinking: { type: "enabled" }, reasoning_effort: "high" },
    off: { thinking: { type: "disabled" } },
  },
  "openai-chat, thinking and a budget": {
    client: chat,
    quirks: { reasoningRequest: "thinking", thinkingBudget: true },
    bare: { thinking: { type: "enabled" } },
    budget: { thinking: { type: "enabled", budget_tokens: 8_192 } },
    off: { thinking: { type: "disabled" } },
  },
  "openai-chat, a switch": {
    client: chat,
    quirks: { reasoningRequest: "enable_thinking" },
    bare: { enable_thinking: true },
    budget: { enable_thinking: true, thinking_budget: 8_192 },
    off: { enable_thinking: false },
  },
  "openai-chat, a template": {
    client: chat,
    quirks: { reasoningRequest: "chat_template_kwargs" },
    bare: { chat_template_kwargs: { enable_thinking: true } },
    budget: { chat_template_kwargs: { enable_thinking: true } },
    off: { chat_template_kwargs: { enable_thinking: false } },
  },
  "openai-responses": {
    client: responses,
    bare: { reasoning: { effort: "medium" } },
    budget: { reasoning: { effort: "medium" } },
    off: { reasoning: { effort: "none" } },
  },
  "anthropic-messages, adaptive": {
    client: anthropic,
    model: "claude-opus-4-7",
    bare: { thinking: { type: "adaptive" } },
    budget: { thinking: { type: "adaptive" }, output_config: { effort: "medium" } },
    off: { thinking: { type: "disabled" } },
  },
  "anthropic-messages, budgets": {
    client: anthropic,
    model: "claude-sonnet-4-5",
    bare: { thinking: { type: "enabled", budget_tokens: 8_192 } },
    budget: { thinking: { type: "enabled", budget_tokens: 8_192 } },
    off: { thinking: { type: "disabled" } },
  },
  gemini: {
    client: gemini,
    model: "gemini-2.5-flash",
    bare: { generationConfig: { thinkingConfig: { includeThoughts: true } } },
    budget: { generationConfig: { thinkingConfig: { includeThoughts: true, thinkingBudget: 8_192 } } },
    off: { generationConfig: { thinkingConfig: { includeThoughts: false, thinkingBudget: 0 } } },
  },
  "mistral-chat": {
    client: mistral,
    bare: { reasoning_effort: "medium" },
    budget: { reasoning_effort: "medium" },
    off: { reasoning_effort: "none" },
  },
  "cohere-chat": {
    client: cohere,
    bare: { thinking: { type: "enabled" } },
    budget: { thinking: { type: "enabled", token_budget: 8_192 } },
    off: { thinking: { type: "disabled" } },
  },
  "bedrock-converse, nova": {
    client: bedrock,
    model: "us.amazon.nova-2-lite-v1:0",
    bare: {
      additionalModelRequestFields: { reasoningConfig: { type: "enabled", maxReasoningEffort: "medium" } },
    },
    budget: {
      additionalModelRequestFields: { reasoningConfig: { type: "enabled", maxReasoningEffort: "medium" } },
    },
    off: { additionalModelRequestFields: { reasoningConfig: { type: "disabled" } } },
  },
  "bedrock-converse, gpt-oss": {
    client: bedrock,
    model: "openai.gpt-oss-120b-1:0",
    bare: { additionalModelRequestFields: { reasoning_effort: "medium" } },
    budget: { additionalModelRequestFields: { reasoning_effort: "medium" } },
    off: {},
  },
  "ollama-chat": {
    client: ollama,
    bare: { think: true },
    budget: { think: "medium" },
    off: { think: false },
  },
};

describe("Thinking without an effort", () => {
  it.each(
    Object.entries(THINKERS).flatMap(([name, thinker]) =>
      (
        [
          ["without a measure", {}, thinker.bare],
          ["with a budget", { budgetTokens: 8_192 }, thinker.budget],
          ["with a budget of none", { budgetTokens: 0 }, thinker.off],
        ] as const
      ).map(([what, reasoning, fields]) => [name, what, reasoning, thinker, fields] as const),
    ),
  )(
    "is requested by %s %s",
    (_name, _what, reasoning: Reasoning, { client, model = "m", quirks = {} }, fields) => {
      const { body } = encodedBy(client, { reasoning, maxTokens: 64 }, { provider: "labs", model, quirks });
      const plain = encodedBy(client, { maxTokens: 64 }, { provider: "labs", model, quirks }).body;
      expect(added(body, plain)).toEqual(fields);
    },
  );
});

/** What a body has that another lacks; except for token limits, which grow with a budget, and what the reply includes. */
function added(body: object, plain: object): object {
  const more: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    const before = (plain as Record<string, unknown>)[key];
    if (key === "max_tokens" || key === "include" || JSON.stringify(before) === JSON.stringify(value))
      continue;
    more[key] = isObject(value) && isObject(before) ? added(value, before) : value;
  }
  return more;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
