import type { ProviderData } from "../endpoint/data.js";

/** Voyage AI's embeddings and rankings. It has no chat. */
export const voyage = {
  id: "voyage",
  label: "Voyage AI",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.voyageai.com/v1",
  keyUrl: "https://dashboard.voyageai.com/",
  modelsPath: null,
  kinds: {
    embed: { api: "voyage-embeddings", model: "voyage-3.5" },
    rerank: { api: "voyage-rerank", model: "rerank-2.5" },
  },
  // Voyage AI is a part of MongoDB, which has its current documentation.
  sites: ["www.mongodb.com/docs/voyageai/"],
  docs: [
    // The base URL, VOYAGE_API_KEY and the embeddings.
    "https://docs.voyageai.com/reference/embeddings-api",
    // The models, read on 2026-11-28: voyage-4 is the latest of general use; rerank-2.5 ranks.
    "https://www.mongodb.com/docs/voyageai/models/",
    // Third party: the base URL and VOYAGE_API_KEY, read on 2026-11-28.
    "https://ai-sdk.dev/providers/ai-sdk-providers/voyage",
    // Rankings.
    "https://docs.voyageai.com/reference/reranker-api",
  ],
} as const satisfies ProviderData;
