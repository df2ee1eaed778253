import type { ProviderData } from "../endpoint/data.js";

/** Crusoe's inference of open models. */
export const crusoe = {
  id: "crusoe",
  label: "Crusoe Managed Inference",
  dialect: "openai-chat",
  baseUrl: "https://api.inference.crusoecloud.com/v1",
  model: "deepseek-ai/DeepSeek-V4-Flash",
  // biome-ignore format: a table, one model a line
  models: {
    "deepseek-ai/DeepSeek-V4-Flash": { contextWindow: 1_000_000, input: ["text"] },
    "deepseek-ai/DeepSeek-V4-Pro": { contextWindow: 1_000_000, input: ["text"] },
    "openai/gpt-oss-120b": { contextWindow: 128_000, input: ["text"], tools: true, reasoning: true },
    "zai/GLM-5.3": { contextWindow: 1_000_000, input: ["text"] },
    "moonshotai/Kimi-K2.6": { contextWindow: 256_000, input: ["text", "image"] },
  },
  docs: [
    // The base URL and CRUSOE_API_KEY, read on 2026-11-28.
    "https://docs.crusoecloud.com/quickstart/getting-started-with-serverless-inference",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/crusoe.json",
  ],
} as const satisfies ProviderData;
