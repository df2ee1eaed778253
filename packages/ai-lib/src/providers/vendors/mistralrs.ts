import type { ProviderData } from "../endpoint/data.js";

/** A model on your own machine, served by mistral.rs. It serves one model and ignores the name. */
export const mistralRs = {
  id: "mistralrs",
  label: "mistral.rs",
  dialect: "openai-chat",
  baseUrl: "http://localhost:1234/v1",
  keyOptional: true,
  model: "default",
  quirks: { topK: true },
  local: true,
  docs: ["https://github.com/EricLBuehler/mistral.rs/blob/master/examples/http.md"],
} as const satisfies ProviderData;
