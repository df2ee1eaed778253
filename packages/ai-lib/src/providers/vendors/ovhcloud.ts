import type { ProviderData } from "../endpoint/data.js";

/** OVHcloud's AI Endpoints. */
export const ovhCloud = {
  id: "ovhcloud",
  label: "OVHcloud AI Endpoints",
  priceId: "ovhcloud",
  dialect: "openai-chat",
  baseUrl: "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
  keyEnv: ["OVH_AI_ENDPOINTS_ACCESS_TOKEN"],
  keyUrl: "https://www.ovhcloud.com/en/public-cloud/ai-endpoints/",
  model: "gpt-oss-120b",
  // biome-ignore format: a table, one model a line
  models: {
    "gpt-oss-120b": { contextWindow: 131_072, input: ["text"], tools: true, reasoning: true },
    "gpt-oss-20b": { contextWindow: 131_072, input: ["text"], tools: true, reasoning: true },
    "Qwen3.8-27B": { contextWindow: 262_144, input: ["text", "image"], tools: true },
    "Qwen3.5-397B-A17B": { contextWindow: 262_144, input: ["text", "image"], tools: true },
    "Meta-Llama-3_3-70B-Instruct": { contextWindow: 131_072, input: ["text"], tools: true },
  },
  docs: [
    // The base URL, the default model and OVH_AI_ENDPOINTS_ACCESS_TOKEN, read on 2026-11-28.
    "https://www.ovhcloud.com/en/public-cloud/ai-endpoints/catalog/gpt-oss-120b/",
    // Third party: the other models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/docs/getting-started/providers/ovhcloud.md",
  ],
} as const satisfies ProviderData;
