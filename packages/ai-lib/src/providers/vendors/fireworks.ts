import type { ProviderData } from "../endpoint/data.js";

/** Fireworks' inference of open models. */
export const fireworks = {
  id: "fireworks",
  label: "Fireworks AI",
  priceId: "fireworks",
  dialect: "openai-chat",
  baseUrl: "https://api.fireworks.ai/inference/v1",
  keyEnv: ["FIREWORKS_AI_API_KEY"],
  keyUrl: "https://app.fireworks.ai/settings/users/api-keys",
  model: "accounts/fireworks/models/deepseek-v4p1-flash",
  // A decision needs a model of the account.
  kinds: { embed: {}, decide: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "accounts/fireworks/models/deepseek-v4p1-flash": { contextWindow: 1_000_000, maxOutputTokens: 384_000, input: ["text", "image"], tools: true, reasoning: true },
    "accounts/fireworks/models/kimi-k3": { contextWindow: 1_048_576, maxOutputTokens: 131_072, input: ["text", "image"], tools: true, reasoning: true },
    "accounts/fireworks/models/glm-5p3": { contextWindow: 1_048_573, maxOutputTokens: 262_144, input: ["text"], tools: true, reasoning: true },
    "accounts/fireworks/models/glm-5p3-flash": { contextWindow: 1_048_573, maxOutputTokens: 131_072, input: ["text", "image"], tools: true, reasoning: true },
    "accounts/fireworks/models/minimax-m3": { contextWindow: 512_000, maxOutputTokens: 512_000, input: ["text"], tools: true, reasoning: true },
    "accounts/fireworks/routers/deepseek-flash-latest": { contextWindow: 1_000_000, maxOutputTokens: 384_000, input: ["text", "image"], tools: true, reasoning: true },
  },
  quirks: {
    reasoningEfforts: ["low", "medium", "high"],
    topK: true,
    // Seen on deepseek-r1 alone; newer models put it into reasoning_content.
    byModel: [{ match: ["*deepseek-r1*"], quirks: { thinkTags: true } }],
  },
  sites: ["github.com/fw-ai-external/"],
  docs: [
    // The base URL, read on 2026-11-28.
    "https://docs.fireworks.ai/tools-sdks/openai-compatibility",
    // The names of models and routers, and the service tiers.
    "https://docs.fireworks.ai/serverless/overview",
    // FIREWORKS_API_KEY.
    "https://github.com/fw-ai-external/python-sdk",
    // Third party: the efforts.
    "https://www.developersdigest.tech/reference/api-compatibility/fireworks",
    // Embeddings.
    "https://docs.fireworks.ai/guides/querying-embeddings-models",
    // Decisions.
    "https://docs.fireworks.ai/api-reference/post-decisions",
  ],
} as const satisfies ProviderData;
