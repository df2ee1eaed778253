import type { ProviderData } from "../endpoint/data.js";

/** Cerebras' inference of open models. */
export const cerebras = {
  id: "cerebras",
  label: "Cerebras",
  priceId: "cerebras",
  dialect: "openai-chat",
  baseUrl: "https://api.cerebras.ai/v1",
  keyUrl: "https://cloud.cerebras.ai",
  model: "gpt-oss-120b",
  // biome-ignore format: a table, one model a line
  models: {
    "gpt-oss-120b": { contextWindow: 131_072, maxOutputTokens: 40_960, input: ["text"], tools: true, reasoning: true },
    "qwen-3.8-27b": { contextWindow: 131_072, maxOutputTokens: 40_960, input: ["text", "image"], tools: true, reasoning: true },
    "zai-glm-4.7": { tools: true, reasoning: true },
  },
  quirks: {
    strictSchemas: "closed",
    // https://inference-docs.cerebras.ai/capabilities/structured-outputs: not beside tools.
    noToolsWithFormat: true,
    reasoningHistory: "reasoning",
    reasoningEfforts: ["none", "low", "medium", "high"],
    // The declarations of cerebras_cloud_sdk 1.91 have penalties, tiers and a bias, which older models answered with 400
    // (https://hexdocs.pm/req_llm/1.9.0/cerebras.html), and none of these.
    omit: ["metadata", "store", "verbosity"],
    bounds: { stops: 4, temperature: 2, logprobs: 20 },
    cacheKeyField: "prompt_cache_key",
  },
  sites: ["www.npmjs.com/package/@cerebras/"],
  docs: [
    // The base URL and CEREBRAS_API_KEY, read on 2026-11-28.
    "https://www.npmjs.com/package/@cerebras/cerebras_cloud_sdk",
    // The models that it still serves.
    "https://inference-docs.cerebras.ai/support/deprecation.md",
    // Third party: the efforts.
    "https://www.developersdigest.tech/reference/api-compatibility/cerebras",
  ],
} as const satisfies ProviderData;
