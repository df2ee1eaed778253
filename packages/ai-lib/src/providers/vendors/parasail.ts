import type { ProviderData } from "../endpoint/data.js";

/** Parasail's inference of open models. */
export const parasail = {
  id: "parasail",
  label: "Parasail",
  dialect: "openai-chat",
  baseUrl: "https://api.parasail.io/v1",
  keyUrl: "https://www.saas.parasail.io/keys",
  model: "parasail-llama-33-70b-fp8",
  // biome-ignore format: a table, one model a line
  models: {
    "parasail-llama-33-70b-fp8": { tools: true },
  },
  // https://docs.getbifrost.ai/providers/supported-providers/parasail
  quirks: { omit: ["serviceTier"] },
  sites: ["github.com/parasail-ai/"],
  docs: [
    // The base URL and PARASAIL_API_KEY, read on 2026-11-28.
    "https://github.com/parasail-ai/openai-batch/blob/main/openai_batch/providers.py",
    // What it serves.
    "https://docs.parasail.io/parasail-docs/llms-full.txt",
    // Third party: the fields that it does not know.
    "https://docs.getbifrost.ai/providers/supported-providers/parasail",
    // Third party: the default model.
    "https://raw.githubusercontent.com/juspay/neurolink/master/docs/getting-started/providers/parasail.md",
  ],
} as const satisfies ProviderData;
