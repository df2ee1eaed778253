import type { ProviderData } from "../endpoint/data.js";

/** Jina AI's embeddings and rankings. Its chat is not served here. */
export const jina = {
  id: "jina",
  label: "Jina AI",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.jina.ai/v1",
  keyUrl: "https://jina.ai/embeddings/",
  modelsPath: null,
  kinds: {
    embed: { api: "jina-embeddings", model: "jina-embeddings-v3" },
    rerank: { api: "cohere-rerank", model: "jina-reranker-v2-base-multilingual" },
  },
  docs: [
    // JINA_API_KEY, read on 2026-11-28; the latest models there are jina-embeddings-v5-text-small and jina-reranker-v3.
    "https://docs.jina.ai/",
    // The base URL, embeddings and rankings.
    "https://api.jina.ai/redoc",
  ],
} as const satisfies ProviderData;
