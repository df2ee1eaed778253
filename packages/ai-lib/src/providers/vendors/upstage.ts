import type { ProviderData } from "../endpoint/data.js";

/** Upstage's Solar models. */
export const upstage = {
  id: "upstage",
  label: "Upstage",
  dialect: "openai-chat",
  baseUrl: "https://api.upstage.ai/v1",
  model: "solar-pro4",
  // biome-ignore format: a table, one model a line
  models: {
    "solar-pro4": { contextWindow: 524_288, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
    "solar-pro3": { input: ["text"], tools: true },
    "solar-mini": { input: ["text"], tools: true },
  },
  docs: [
    // The base URL, read on 2026-11-28.
    "https://console.upstage.ai/api-keys?api=chat-reasoning",
    // The models.
    "https://console.upstage.ai/docs/models",
    // Third party: UPSTAGE_API_KEY and the limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/upstage.json",
  ],
} as const satisfies ProviderData;
