import type { ProviderData } from "../endpoint/data.js";

/** Together's inference of open models. */
export const together = {
  id: "together",
  label: "Together AI",
  priceId: "together",
  dialect: "openai-chat",
  baseUrl: "https://api.together.ai/v1",
  keyEnv: ["TOGETHER_AI_API_KEY"],
  model: "deepseek-ai/DeepSeek-V4.1-Flash",
  kinds: { embed: {}, rerank: { api: "cohere-rerank" }, image: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "deepseek-ai/DeepSeek-V4.1-Flash": { contextWindow: 1_048_576, maxOutputTokens: 384_000, input: ["text", "image"], tools: true, reasoning: true },
    "openai/gpt-oss-120b": { contextWindow: 131_072, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
    "openai/gpt-oss-20b": { tools: true },
    "moonshotai/Kimi-K3": { contextWindow: 1_048_576, maxOutputTokens: 131_072, input: ["text", "image"], tools: true, reasoning: true },
    "zai-org/GLM-5.3": { contextWindow: 1_048_575, maxOutputTokens: 262_144, input: ["text"], tools: true, reasoning: true },
    "Qwen/Qwen3.5-9B": { contextWindow: 262_144, maxOutputTokens: 65_536, input: ["text", "image"], tools: true, reasoning: true },
  },
  quirks: {
    topK: true,
    // The declarations of together-ai 0.52 have none of these, one number for log probabilities, and three efforts.
    omit: ["parallelToolCalls", "user", "metadata", "serviceTier", "store", "prediction", "verbosity"],
    logprobsCount: true,
    bounds: { logprobs: 20 },
    reasoningEfforts: ["low", "medium", "high"],
  },
  // Files are for batches and fine-tuning alone (https://docs.together.ai/reference/upload-file).
  files: { path: "/files", api: "together", maxBytes: 104_857_600, purpose: null },
  // https://docs.together.ai/docs/batch-inference; the price is half for some models and full for others.
  batches: { api: "together-batches", kinds: ["chat"], rows: 50_000, bytes: 100_000_000, windows: [24] },
  sites: ["www.npmjs.com/package/together-ai"],
  docs: [
    // The base URL.
    "https://docs.together.ai/docs/inference/openai-compatibility",
    // TOGETHER_API_KEY, read on 2026-11-28.
    "https://www.npmjs.com/package/together-ai",
    // Third party: the fields.
    "https://www.developersdigest.tech/reference/api-compatibility/together",
    // Embeddings.
    "https://docs.together.ai/docs/embeddings-overview",
    // Rankings.
    "https://docs.together.ai/docs/rerank-overview",
    // Pictures.
    "https://docs.together.ai/docs/images-overview",
  ],
} as const satisfies ProviderData;
