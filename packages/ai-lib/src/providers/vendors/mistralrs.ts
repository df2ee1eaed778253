import type { ProviderData } from "../endpoint/data.js";

/** A model on your own machine, served by mistral.rs. It serves one model and ignores the name. */
export const mistralRs = {
  id: "mistralrs",
  label: "mistral.rs",
  dialect: "openai-chat",
  baseUrl: "http://localhost:1234/v1",
  keyOptional: true,
  model: "default",
  // https://docs.rs/crate/mistralrs-core/0.8.0/source/src/tools/request.rs has no "required".
  quirks: { topK: true, toolChoices: ["auto", "none", "named"] },
  local: true,
  sites: ["github.com/EricLBuehler/"],
  docs: [
    // The port and the path, read on 2026-11-28.
    "https://github.com/EricLBuehler/mistral.rs/blob/master/README.md",
    // The fields that it takes.
    "https://github.com/EricLBuehler/mistral.rs/blob/master/docs/src/content/docs/reference/openai-compatibility.md",
  ],
} as const satisfies ProviderData;
