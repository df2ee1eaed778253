import type { ProviderData } from "../endpoint/data.js";

/** Featherless AI's inference of open models. */
export const featherless = {
  id: "featherless",
  label: "Featherless AI",
  dialect: "openai-chat",
  baseUrl: "https://api.featherless.ai/v1",
  keyUrl: "https://featherless.ai/account/api-keys",
  model: "unsloth/Llama-3.3-70B-Instruct",
  // biome-ignore format: a table, one model a line
  models: {
    "unsloth/Llama-3.3-70B-Instruct": { contextWindow: 32_768, input: ["text"] },
    "meta-llama/Llama-3.3-70B-Instruct": { contextWindow: 32_768, input: ["text"] },
    "moonshotai/Kimi-K2-Instruct": { tools: true },
  },
  docs: [
    // The base URL, the bearer key and FEATHERLESS_API_KEY, read on 2026-11-28.
    "https://featherless.ai/docs/api-overview-and-common-options",
    // The tools.
    "https://featherless.ai/docs/tool-calling",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/featherless-ai.json",
  ],
} as const satisfies ProviderData;
