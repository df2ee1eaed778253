import type { ProviderData } from "../endpoint/data.js";

/** Black Forest Labs' pictures, by jobs. */
export const bfl = {
  id: "bfl",
  label: "Black Forest Labs",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.bfl.ai/v1",
  auth: { style: "header", header: "x-key" },
  keyUrl: "https://dashboard.bfl.ai/",
  modelsPath: null,
  kinds: { image: { api: "bfl-images", model: "flux-2-pro" } },
  // The reply names the host of the cluster that does the work.
  hosts: ["bfl.ai"],
  docs: [
    // The base URL, and that the address of the reply is to be asked.
    "https://docs.bfl.ai/integration_guidelines",
    // Third party: the models, their paths, BFL_API_KEY and the base URL, read on 2026-11-28.
    "https://smithery.ai/skills/black-forest-labs/bfl-api",
    // The header of the key and the options.
    "https://docs.bfl.ai/quick_start/generating_images",
  ],
} as const satisfies ProviderData;
