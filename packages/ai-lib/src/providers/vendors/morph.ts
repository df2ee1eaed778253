import type { ProviderData } from "../endpoint/data.js";

/** Morph's models, which apply edits to code rather than chat. */
export const morph = {
  id: "morph",
  label: "Morph",
  dialect: "openai-chat",
  baseUrl: "https://api.morphllm.com/v1",
  keyUrl: "https://morphllm.com/dashboard",
  model: "morph-v3-large",
  // biome-ignore format: a table, one model a line
  models: {
    "morph-v3-large": { contextWindow: 262_144, maxOutputTokens: 131_072, input: ["text"], tools: false },
    "morph-v3-fast": { contextWindow: 262_144, maxOutputTokens: 131_072, input: ["text"], tools: false },
  },
  // Content that is no string is a 500, and tools come back as text (live probe of 2026-09-05 in the last page below).
  quirks: { textOnly: true, omit: ["tools"] },
  docs: [
    // The path, the bearer key and the default model, read on 2026-11-28.
    "https://docs.morphllm.com/api-reference",
    // The models.
    "https://docs.morphllm.com/glossary",
    // The base URL and MORPH_API_KEY.
    "https://docs.morphllm.com/llms-full.txt",
    // Third party: the limits, and what it answers to tools and to parts.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/morph.json",
  ],
} as const satisfies ProviderData;
