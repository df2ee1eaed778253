import type { ProviderData } from "../endpoint/data.js";

/** Gladia's transcripts, by jobs. */
export const gladia = {
  id: "gladia",
  label: "Gladia",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.gladia.io/v2",
  auth: { style: "header", header: "x-gladia-key" },
  keyUrl: "https://app.gladia.io/apikeys",
  modelsPath: null,
  kinds: { transcribe: { api: "gladia-transcription", model: "solaria-1" } },
  docs: [
    // The base URL, the header of the key and the upload, read on 2026-11-28.
    "https://docs.gladia.io/chapters/pre-recorded-stt/migration-from-v1",
    // The three steps.
    "https://docs.gladia.io/api-reference/pre-recorded-flow",
    // The models.
    "https://docs.gladia.io/chapters/how-to-use-gladia/cli",
  ],
} as const satisfies ProviderData;
