import type { ProviderData } from "../endpoint/data.js";

/** Scaleway's Generative APIs. */
export const scaleway = {
  id: "scaleway",
  label: "Scaleway",
  dialect: "openai-chat",
  baseUrl: "https://api.scaleway.ai/v1",
  keyEnv: ["SCW_SECRET_KEY"],
  keyUrl: "https://console.scaleway.com/iam/api-keys",
  model: "mistral-small-3.2-24b-instruct-2506",
  // biome-ignore format: a table, one model a line
  models: {
    "mistral-small-3.2-24b-instruct-2506": { contextWindow: 128_000, input: ["text", "image"], tools: true },
    "qwen3.6-35b-a3b": { contextWindow: 256_000, input: ["text", "image"], tools: true, reasoning: true },
    "gemma-4-26b-a4b-it": { contextWindow: 256_000, input: ["text", "image"], tools: true, reasoning: true },
    "llama-3.3-70b-instruct": { contextWindow: 100_000, input: ["text"], tools: true },
    "gpt-oss-120b": { contextWindow: 128_000, input: ["text"], tools: false, reasoning: true },
  },
  // Tools over its Responses API alone (https://www.scaleway.com/en/docs/generative-apis/reference-content/supported-models/).
  quirks: { byModel: [{ match: ["gpt-oss-120b"], quirks: { omit: ["tools"] } }] },
  sites: ["github.com/scaleway/"],
  docs: [
    // The service and its key, read on 2026-11-28.
    "https://www.scaleway.com/en/docs/generative-apis/quickstart.md",
    // The base URL, the bearer key and SCW_SECRET_KEY.
    "https://github.com/scaleway/docs-content/pull/3741",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/docs/getting-started/providers/scaleway.md",
  ],
} as const satisfies ProviderData;
