import type { ProviderData } from "../endpoint/data.js";

/** fal's pictures and transcripts, by its queue. A base URL of `https://fal.run` answers right away. */
export const fal = {
  id: "fal",
  label: "fal",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://queue.fal.run",
  auth: { style: "header", header: "authorization", prefix: "Key " },
  keyEnv: ["FAL_KEY"],
  keyUrl: "https://fal.ai/dashboard/keys",
  modelsPath: null,
  kinds: {
    image: { api: "fal-images", model: "fal-ai/flux/schnell" },
    transcribe: { api: "fal-transcription", model: "fal-ai/wizper" },
  },
  docs: [
    // FAL_KEY, and that prices are per picture, megapixel or second by model, read on 2026-11-28.
    "https://docs.fal.ai/documentation/model-apis/pricing",
    // The base URL and the queue.
    "https://fal.ai/docs/documentation/model-apis/inference/queue",
    // FAL_KEY, the header of the key, and how a request is stopped.
    "https://fal.ai/docs/inference-api/queue/cancel",
    // Pictures.
    "https://fal.ai/models/fal-ai/flux/schnell/api",
    // Transcripts.
    "https://fal.ai/models/fal-ai/wizper/api",
  ],
} as const satisfies ProviderData;
