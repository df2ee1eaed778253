import type { ProviderData } from "../endpoint/data.js";

/** Inception's Mercury models, which write by diffusion: a small `maxTokens` can go to reasoning whole. */
export const inception = {
  id: "inception",
  label: "Inception Labs",
  dialect: "openai-chat",
  baseUrl: "https://api.inceptionlabs.ai/v1",
  keyEnv: ["INCEPTION_LABS_API_KEY"],
  keyUrl: "https://platform.inceptionlabs.ai/dashboard/api-keys",
  model: "mercury-2",
  // biome-ignore format: a table, one model a line
  models: {
    "mercury-2": { contextWindow: 128_000, maxOutputTokens: 50_000, input: ["text"], tools: true, reasoning: true },
    "mercury-2.5": { tools: true },
  },
  docs: ["https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/inception-labs.json"],
} as const satisfies ProviderData;
