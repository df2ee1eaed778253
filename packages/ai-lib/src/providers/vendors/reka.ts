import type { ProviderData } from "../endpoint/data.js";

/** Reka's own models. */
export const reka = {
  id: "reka",
  label: "Reka AI",
  dialect: "openai-chat",
  baseUrl: "https://api.reka.ai/v1",
  auth: { style: "header", header: "x-api-key" },
  keyUrl: "https://platform.reka.ai",
  model: "reka-flash",
  // biome-ignore format: a table, one model a line
  models: {
    "reka-flash": { tools: true },
    "reka-edge": { tools: false },
  },
  // No response_format, and tools on reka-flash alone (the last page below).
  quirks: { structuredOutput: "none", byModel: [{ match: ["reka-edge*"], quirks: { omit: ["tools"] } }] },
  docs: [
    // REKA_API_KEY, read on 2026-11-28.
    "https://docs.reka.ai/index.html",
    // Third party: the base URL, the header of the key, the models and what they take.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/reka.json",
  ],
} as const satisfies ProviderData;
