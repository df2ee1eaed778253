import type { ProviderData } from "../endpoint/data.js";

/** Venice's inference of open and other models. */
export const venice = {
  id: "venice",
  label: "Venice AI",
  dialect: "openai-chat",
  baseUrl: "https://api.venice.ai/api/v1",
  keyEnv: ["VENICE_AI_API_KEY"],
  keyUrl: "https://venice.ai/settings/api",
  model: "zai-org-glm-5-2",
  kinds: { embed: {}, transcribe: {}, speak: {}, image: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "zai-org-glm-5-2": { contextWindow: 1_000_000, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
    "deepseek-v4-pro-0813": { contextWindow: 1_000_000, input: ["text"], tools: true },
    "kimi-k3": { contextWindow: 1_000_000, tools: true, reasoning: true },
    "venice-uncensored-1-2": { contextWindow: 128_000 },
    "grok-4-7": { contextWindow: 500_000, tools: true, reasoning: true },
  },
  docs: [
    // The base URL.
    "https://docs.venice.ai/fr/overview/getting-started.md",
    // The default model, read on 2026-11-28.
    "https://docs.venice.ai/fr/models/glm-5-2",
    // Third party: VENICE_AI_API_KEY, the other models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/docs/getting-started/providers/venice-ai.md",
    // Embeddings.
    "https://docs.venice.ai/api-reference/endpoint/embeddings/generate",
  ],
} as const satisfies ProviderData;
