import type { ProviderData } from "../endpoint/data.js";

/** DeepSeek's own models. */
export const deepSeek = {
  id: "deepseek",
  label: "DeepSeek",
  priceId: "deepseek",
  dialect: "openai-chat",
  baseUrl: "https://api.deepseek.com",
  keyUrl: "https://platform.deepseek.com/api_keys",
  model: "deepseek-flash",
  // biome-ignore format: a table, one model a line
  models: {
    "deepseek-flash": { contextWindow: 1_000_000, maxOutputTokens: 384_000, input: ["text", "image"], tools: true, reasoning: true },
    "deepseek-v4-pro": { contextWindow: 1_000_000, maxOutputTokens: 384_000, input: ["text"], tools: true, reasoning: true },
    "deepseek-v4-flash": { contextWindow: 1_000_000, tools: true },
  },
  quirks: {
    // Thinking is on unless it is switched off, and temperature and top_p have no effect then (npm @ai-sdk/deepseek@2.0.69 docs).
    reasoningRequest: "thinking",
    thinkingEffort: true,
    reasoningEfforts: ["low", "high", "max"],
    noSamplingWithReasoning: true,
    // V4 wants its reasoning back on every assistant turn.
    reasoningHistory: "reasoning_content",
    reasoningHistoryRequired: true,
    // json_object alone, and it never ends where no message holds the word JSON.
    structuredOutput: "json-object",
    needsJsonWord: true,
    // Third party: the parameters (https://docs.rs/deepseek-sdk/latest/deepseek_sdk/chat/request/struct.ChatRequest.html).
    userField: "user_id",
    omit: [
      "presencePenalty",
      "frequencyPenalty",
      "seed",
      "logitBias",
      "parallelToolCalls",
      "serviceTier",
      "metadata",
      "store",
      "prediction",
      "verbosity",
    ],
    // Known under another base URL only (/beta).
    noStrictTools: true,
    // "unknown variant `image_url`, expected `text`" (recording deepseek.openai-chat.json.blocking-image-url-part-reaches-the-wire.0.a).
    byModel: [{ match: ["deepseek-v4-pro*"], quirks: { textOnly: true } }],
  },
  docs: [
    // The base URL, the models and their limits, read on 2026-11-28.
    "https://api-docs.deepseek.com/quick_start/pricing",
    // The codes of errors.
    "https://api-docs.deepseek.com/quick_start/error_codes.md",
  ],
} as const satisfies ProviderData;
