import type { ProviderData } from "../endpoint/data.js";

/** Nebius Token Factory's inference of open models. */
export const nebius = {
  id: "nebius",
  label: "Nebius Token Factory",
  dialect: "openai-chat",
  baseUrl: "https://api.tokenfactory.nebius.com/v1",
  keyUrl: "https://tokenfactory.nebius.com/?modals=create-api-key",
  model: "openai/gpt-oss-120b",
  kinds: { image: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "openai/gpt-oss-120b": { contextWindow: 131_072, input: ["text"], tools: true, reasoning: true },
    "Qwen/Qwen3-235B-A22B-Instruct-2507": { contextWindow: 262_144, input: ["text"], tools: true },
    "deepseek-ai/DeepSeek-V4-Flash-0731": { contextWindow: 1_024_000, input: ["text"], tools: true, reasoning: true },
    "Qwen/Qwen3-30B-A3B-Instruct-2507": { contextWindow: 262_144, input: ["text"], tools: true },
    "moonshotai/Kimi-K3": { tools: true },
    "zai-org/GLM-5.3-Flash": { tools: true },
  },
  sites: ["github.com/nebius/"],
  docs: [
    // The base URL and NEBIUS_API_KEY, read on 2026-11-28.
    "https://github.com/nebius/token-factory-cookbook",
    // The fields.
    "https://docs.tokenfactory.nebius.com/api-reference/inference/create-chat-completion",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/docs/getting-started/providers/nebius.md",
  ],
} as const satisfies ProviderData;
