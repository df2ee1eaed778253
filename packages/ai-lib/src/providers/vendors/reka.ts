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
  // No response_format, and tools on reka-flash alone (the page below).
  quirks: { structuredOutput: "none", byModel: [{ match: ["reka-edge*"], quirks: { omit: ["tools"] } }] },
  docs: ["https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/reka.json"],
} as const satisfies ProviderData;
