import type { ProviderData } from "../endpoint/data.js";

/** AIHubMix's gateway to the models of most vendors. */
export const aiHubMix = {
  id: "aihubmix",
  label: "AIHubMix",
  dialect: "openai-chat",
  baseUrl: "https://aihubmix.com/v1",
  keyUrl: "https://console.aihubmix.com",
  model: "gpt-4o-mini",
  // biome-ignore format: a table, one model a line
  models: {
    "gpt-4o-mini": { contextWindow: 128_000, maxOutputTokens: 16_384, tools: true },
  },
  sites: ["www.npmjs.com/package/@aihubmix/"],
  docs: [
    // The base URL and AIHUBMIX_API_KEY, read on 2026-11-28.
    "https://www.npmjs.com/package/@aihubmix/ai-sdk-provider",
    // Third party: the default model and its limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/aihubmix.json",
  ],
} as const satisfies ProviderData;
