import type { ProviderData } from "../endpoint/data.js";

/** DeepInfra's inference of open models. */
export const deepInfra = {
  id: "deepinfra",
  label: "DeepInfra",
  dialect: "openai-chat",
  baseUrl: "https://api.deepinfra.com/v1/openai",
  keyEnv: ["DEEPINFRA_TOKEN"],
  keyUrl: "https://deepinfra.com/dash/api_keys",
  model: "deepseek-ai/DeepSeek-V4-Flash-0731",
  kinds: { embed: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "deepseek-ai/DeepSeek-V4-Flash-0731": { contextWindow: 1_048_576, input: ["text"], tools: true, reasoning: true },
    "deepseek-ai/DeepSeek-V4.1-Flash": { tools: true },
    "openai/gpt-oss-120b": { contextWindow: 131_072, input: ["text"], tools: true, reasoning: true },
    "moonshotai/Kimi-K3": { contextWindow: 1_048_576, input: ["text", "image"], tools: true, reasoning: true },
    "zai-org/GLM-5.2": { tools: true, reasoning: true },
    "meta-llama/Llama-4-Scout-17B-16E-Instruct": { contextWindow: 327_680, input: ["text", "image"], tools: true },
  },
  // completion_tokens were seen without the reasoning that the model had done.
  quirks: { usageExcludesReasoning: true },
  sites: ["www.npmjs.com/package/deepinfra"],
  docs: [
    // The base URL.
    "https://docs.deepinfra.com/chat/overview",
    // DEEPINFRA_API_KEY, read on 2026-11-28.
    "https://www.npmjs.com/package/deepinfra",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/docs/getting-started/providers/deepinfra.md",
    // Embeddings.
    "https://deepinfra.com/docs/openai_api",
  ],
} as const satisfies ProviderData;
