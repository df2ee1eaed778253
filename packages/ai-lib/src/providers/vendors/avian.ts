import type { ProviderData } from "../endpoint/data.js";

/** Avian's inference of open models. */
export const avian = {
  id: "avian",
  label: "Avian",
  priceId: "avian",
  dialect: "openai-chat",
  baseUrl: "https://api.avian.io/v1",
  model: "deepseek/deepseek-v4-pro-0813",
  // biome-ignore format: a table, one model a line
  models: {
    "deepseek/deepseek-v4-pro-0813": { contextWindow: 1_000_000, maxOutputTokens: 393_216, input: ["text"], reasoning: true },
    "deepseek/deepseek-v4-flash": { contextWindow: 1_000_000, input: ["text"], reasoning: true },
    "z-ai/glm-5.2": { contextWindow: 1_048_576, input: ["text"] },
    "moonshotai/kimi-k2.6": { contextWindow: 262_144 },
    "moonshotai/kimi-k2.5": { contextWindow: 262_144, tools: true },
  },
  docs: [
    // The base URL, the bearer key and kimi-k2.5, read on 2026-11-28. It lists older models than the next page.
    "https://avian.io/docs",
    // Third party: the default model and the other models.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/avian-io.json",
  ],
} as const satisfies ProviderData;
