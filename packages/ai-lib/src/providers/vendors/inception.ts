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
  // No page of the vendor itself was found on 2026-11-28 (https://docs.inceptionlabs.ai is named by the second page).
  docs: [
    // Third party: INCEPTION_LABS_API_KEY, the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/inception-labs.json",
    // Third party: the base URL and INCEPTION_API_KEY.
    "https://docs.litellm.ai/docs/providers/inception.md",
  ],
} as const satisfies ProviderData;
