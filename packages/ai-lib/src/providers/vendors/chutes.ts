import type { ProviderData } from "../endpoint/data.js";

/** Chutes' inference of open models. */
export const chutes = {
  id: "chutes",
  label: "Chutes",
  dialect: "openai-chat",
  baseUrl: "https://llm.chutes.ai/v1",
  keyEnv: ["CHUTES_API_TOKEN"],
  model: "moonshotai/Kimi-K2.6-TEE",
  // biome-ignore format: a table, one model a line
  models: {
    "moonshotai/Kimi-K2.6-TEE": { contextWindow: 262_144, maxOutputTokens: 65_535, input: ["text", "image"], tools: true, reasoning: true },
    "moonshotai/Kimi-K3-TEE": { contextWindow: 1_048_576, input: ["text", "image"], tools: true, reasoning: true },
    "deepseek-ai/DeepSeek-V4-Flash-0731-TEE": { contextWindow: 1_048_576, input: ["text"], tools: true, reasoning: true },
    "zai-org/GLM-5.2-TEE": { contextWindow: 1_048_576, input: ["text"], tools: true },
    "Qwen/Qwen3.8-27B-TEE": { contextWindow: 262_144, input: ["text", "image"], tools: true },
  },
  docs: [
    // The base URL, the bearer key and CHUTES_API_KEY, read on 2026-11-28.
    "https://chutes.ai/agents/litellm",
    // Third party: CHUTES_API_TOKEN.
    "https://github.com/eniompw/Chutes-API",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/chutes.json",
  ],
} as const satisfies ProviderData;
