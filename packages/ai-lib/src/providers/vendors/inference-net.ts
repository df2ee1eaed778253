import type { ProviderData } from "../endpoint/data.js";

/** Inference.net's inference of open models. */
export const inferenceNet = {
  id: "inference-net",
  label: "Inference.net",
  dialect: "openai-chat",
  baseUrl: "https://api.inference.net/v1",
  keyEnv: ["INFERENCE_API_KEY"],
  model: "glm-5.2",
  // biome-ignore format: a table, one model a line
  models: {
    "glm-5.2": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text"], tools: true },
    "glm-5.3": { contextWindow: 1_048_576, input: ["text"], tools: true },
    "glm-5.3-flash": { contextWindow: 1_048_576, input: ["text", "image"], tools: true },
    "llama-3.3-70b-instruct": { contextWindow: 131_072, input: ["text"] },
    "gpt-4.1-mini": { contextWindow: 1_047_576, input: ["text", "image"], tools: true },
  },
  docs: [
    // The base URL and the default model.
    "https://docs.inference.net/api/api-quickstart",
    // Third party, which cites the vendor's pages: the base URL and the default model, read on 2026-11-28.
    "https://raw.githubusercontent.com/juspay/neurolink/master/docs/getting-started/providers/inference-net.md",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/inference-net.json",
  ],
} as const satisfies ProviderData;
