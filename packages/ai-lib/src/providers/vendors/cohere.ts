import type { ProviderData } from "../endpoint/data.js";

/** Cohere's own models, over its v2 API. */
export const cohere = {
  id: "cohere",
  label: "Cohere",
  priceId: "cohere",
  dialect: "cohere-chat",
  ownDialect: true,
  baseUrl: "https://api.cohere.com/v2",
  keyEnv: ["CO_API_KEY"],
  keyUrl: "https://dashboard.cohere.com/api-keys",
  model: "command-a-plus-05-2026",
  kinds: {
    embed: { model: "embed-v4.0" },
    rerank: { model: "rerank-v4.0-pro" },
    transcribe: { api: "cohere-transcription", model: "cohere-transcribe-03-2026" },
  },
  // biome-ignore format: a table, one model a line
  models: {
    "command-a-plus-05-2026": { contextWindow: 200_000, tools: true },
    "command-a-03-2025": { contextWindow: 256_000, tools: true },
    "command-a-reasoning-08-2025": { contextWindow: 256_000, maxOutputTokens: 32_000, input: ["text"], tools: true, reasoning: true },
    "command-r7b-12-2024": { tools: true },
  },
  sites: ["www.npmjs.com/package/cohere-ai"],
  docs: [
    // COHERE_API_KEY, CO_API_KEY and the base URL, read on 2026-11-28.
    "https://www.npmjs.com/package/cohere-ai",
    // The limits of the reasoning model.
    "https://docs.cohere.com/docs/command-a-reasoning",
    "https://docs.cohere.com/v2/changelog/2025-08-21-command-a-reasoning.md",
    // The default model of embeddings.
    "https://docs.cohere.com/docs/cohere-embed",
    // Rankings.
    "https://docs.cohere.com/docs/rerank",
    // Transcripts.
    "https://docs.cohere.com/docs/transcribe",
  ],
} as const satisfies ProviderData;
