import type { ProviderData } from "../endpoint/data.js";

/** SambaNova Cloud's inference of open models. */
export const sambaNova = {
  id: "sambanova",
  label: "SambaNova",
  dialect: "openai-chat",
  baseUrl: "https://api.sambanova.ai/v1",
  keyUrl: "https://cloud.sambanova.ai/apis",
  model: "gpt-oss-120b",
  kinds: { embed: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "gpt-oss-120b": { contextWindow: 131_072, input: ["text"], tools: true, reasoning: true },
    "Meta-Llama-3.3-70B-Instruct": { contextWindow: 131_072, input: ["text", "image"], tools: true },
    "DeepSeek-V3.1": { contextWindow: 131_072, input: ["text"], tools: true, reasoning: true },
    "MiniMax-M2.7": { contextWindow: 196_608, input: ["text"], tools: true },
    "MiniMax-M3": { input: ["text", "image"], tools: true },
    "gemma-4-31B-it": { contextWindow: 131_072, input: ["text", "image"] },
  },
  docs: [
    // The base URL, the list of models and SAMBANOVA_API_KEY, read on 2026-11-28.
    "https://docs.sambanova.ai/docs/api-reference/models/get-environments-available-model-list-metadata.md",
    // The service.
    "https://docs.sambanova.ai/cloud/docs",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/sambanova.json",
    // Embeddings.
    "https://docs.sambanova.ai/docs/en/features/embeddings",
  ],
} as const satisfies ProviderData;
