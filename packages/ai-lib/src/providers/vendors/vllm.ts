import type { ProviderData } from "../endpoint/data.js";

/**
 * Models on your own servers, served by vLLM. It has no default model: ask `listModels()` what it serves.
 */
export const vllm = {
  id: "vllm",
  label: "vLLM",
  dialect: "openai-chat",
  baseUrl: "http://localhost:8000/v1",
  kinds: { embed: {}, rerank: { api: "cohere-rerank" }, transcribe: {} },
  keyOptional: true,
  // https://docs.vllm.ai/en/stable/features/reasoning_outputs/: the field of thinking, which goes back in a tool loop.
  quirks: { topK: true, videoUrls: true, reasoningHistory: "reasoning" },
  local: true,
  sites: ["vllm.ai"],
  docs: [
    // The port and top_k, read on 2026-11-28.
    "https://docs.vllm.ai/en/stable/serving/openai_compatible_server/",
    // Third party: a client of it.
    "https://docs.haystack.deepset.ai/docs/vllmchatgenerator",
    // Embeddings.
    "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
  ],
} as const satisfies ProviderData;
