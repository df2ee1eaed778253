import type { ProviderData } from "../endpoint/data.js";

/**
 * Moonshot's Kimi models; `moonshot-cn` is the Chinese platform. A key is good on its own platform alone.
 */
export const moonshot = {
  id: "moonshot",
  label: "Moonshot AI (Kimi)",
  priceId: "moonshotai",
  telemetryName: "moonshot_ai",
  dialect: "openai-chat",
  baseUrl: "https://api.moonshot.ai/v1",
  keyEnv: ["KIMI_API_KEY"],
  keyUrl: "https://platform.kimi.ai/console/api-keys",
  model: "kimi-k3",
  // biome-ignore format: a table, one model a line
  models: {
    "kimi-k3": { contextWindow: 1_048_576, maxOutputTokens: 1_048_576, input: ["text", "image", "video"], tools: true, reasoning: true },
    "kimi-k3.1-pro": { contextWindow: 1_048_576, maxOutputTokens: 1_048_576, input: ["text", "image", "video"], tools: true, reasoning: true },
    "kimi-k2.7-code": { contextWindow: 262_144, maxOutputTokens: 262_144, input: ["text", "image", "video"], tools: true, reasoning: true },
    "kimi-k2.7-code-highspeed": { contextWindow: 262_144, maxOutputTokens: 262_144, input: ["text", "image", "video"], tools: true, reasoning: true },
    "kimi-k2.6": { contextWindow: 262_144, maxOutputTokens: 262_144, input: ["text", "image", "video"], tools: true, reasoning: true },
  },
  quirks: {
    // https://platform.kimi.ai/docs/api/models-overview: fixed, and any other value is an error.
    omit: ["temperature", "topP", "presencePenalty", "frequencyPenalty"],
    // https://platform.kimi.ai/docs/guide/use-thinking-models
    reasoningHistory: "reasoning_content",
    reasoningHistoryRequired: true,
    // Pictures as base64 or as uploaded files, no public URLs.
    noImageUrls: true,
    videoUrls: true,
    stripSchemaKeywords: ["$schema"],
    forbiddenIsQuota: true,
    byModel: [
      { match: ["kimi-k2.6*"], quirks: { reasoningRequest: "thinking", toolChoices: ["auto", "none"] } },
      // Always thinks.
      { match: ["kimi-k2.7-code*"], quirks: { reasoningRequest: "none", toolChoices: ["auto", "none"] } },
    ],
  },
  sites: ["github.com/MoonshotAI/"],
  docs: [
    // The API and its models, read on 2026-11-28.
    "https://platform.kimi.ai/docs/introduction",
    // KIMI_API_KEY.
    "https://github.com/MoonshotAI/kimi-cli/blob/main/docs/en/configuration/env-vars.md",
    // Third party: the base URL and kimi-k3.
    "https://github.com/juspay/neurolink/blob/HEAD/docs/getting-started/providers/moonshot-ai.md",
    // Third party: MOONSHOT_API_KEY.
    "https://www.promptfoo.dev/docs/providers/moonshot/",
  ],
} as const satisfies ProviderData;
