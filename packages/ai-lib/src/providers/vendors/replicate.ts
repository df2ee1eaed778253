import type { ProviderData } from "../endpoint/data.js";

/** Replicate's pictures and speech, by predictions. */
export const replicate = {
  id: "replicate",
  label: "Replicate",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.replicate.com/v1",
  keyEnv: ["REPLICATE_API_TOKEN"],
  keyUrl: "https://replicate.com/account/api-tokens",
  modelsPath: null,
  kinds: {
    image: { api: "replicate-images", model: "black-forest-labs/flux-schnell" },
    speak: { api: "replicate-speak", model: "minimax/speech-02-turbo" },
  },
  docs: [
    // The base URL, REPLICATE_API_TOKEN and the predictions, read on 2026-11-28.
    "https://replicate.com/docs/reference/http",
    // Pictures.
    "https://replicate.com/black-forest-labs/flux-schnell/api",
    // Speech.
    "https://replicate.com/minimax/speech-02-turbo/api",
  ],
} as const satisfies ProviderData;
