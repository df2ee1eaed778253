import type { ProviderData } from "../endpoint/data.js";

/** Baseten's Model APIs: inference of open models. */
export const baseten = {
  id: "baseten",
  label: "Baseten",
  priceId: "baseten",
  dialect: "openai-chat",
  baseUrl: "https://inference.baseten.co/v1",
  keyUrl: "https://app.baseten.co/settings/api_keys",
  model: "zai-org/GLM-5.3-Flash",
  // biome-ignore format: a table, one model a line
  models: {
    "zai-org/GLM-5.3-Flash": { contextWindow: 1_048_576, maxOutputTokens: 131_072, input: ["text", "image"], tools: true, reasoning: true },
    "zai-org/GLM-5.3": { contextWindow: 1_048_576, maxOutputTokens: 262_144, input: ["text", "image"], tools: true, reasoning: true },
    "openai/gpt-oss-120b": { contextWindow: 128_072, maxOutputTokens: 128_072, input: ["text"], tools: true, reasoning: true },
    "moonshotai/Kimi-K3": { contextWindow: 1_048_576, maxOutputTokens: 262_144, input: ["text", "image"], tools: true, reasoning: true },
    "deepseek-ai/DeepSeek-V4.1-Flash": { contextWindow: 1_048_576, maxOutputTokens: 32_768, input: ["text", "image"], tools: true, reasoning: true },
    "deepseek-ai/DeepSeek-V4-Pro-0813": { contextWindow: 1_048_576, maxOutputTokens: 262_144, input: ["text"], tools: true, reasoning: true },
  },
  docs: [
    // The base URL and tools on all models, read on 2026-11-28.
    "https://docs.baseten.co/inference/model-apis/overview",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/baseten.json",
  ],
} as const satisfies ProviderData;
