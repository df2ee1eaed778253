import type { ProviderData } from "../endpoint/data.js";

/** OpenRouter's gateway to the models of most vendors. */
export const openRouter = {
  id: "openrouter",
  label: "OpenRouter",
  preferred: 4,
  priceId: "openrouter",
  dialect: "openai-chat",
  baseUrl: "https://openrouter.ai/api/v1",
  keyUrl: "https://openrouter.ai/settings/keys",
  model: "openai/gpt-6.1-sol",
  kinds: {
    embed: {},
    rerank: { api: "cohere-rerank" },
    transcribe: {},
    speak: {},
    image: { api: "openrouter-images" },
  },
  // biome-ignore format: a table, one model a line
  models: {
    "openai/gpt-6.1-sol": { contextWindow: 1_050_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "anthropic/claude-sonnet-5.5": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "google/gemini-3.8-flash": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "deepseek/deepseek-v4-pro": { contextWindow: 1_024_000, maxOutputTokens: 384_000, input: ["text", "pdf"], tools: true, reasoning: true },
    "x-ai/grok-4.7": { contextWindow: 500_000, maxOutputTokens: 450_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "openrouter/auto": { contextWindow: 2_000_000, maxOutputTokens: 4_096, tools: true, reasoning: true },
  },
  variables: {
    referer: { env: [], what: "the address of your application, for its rankings" },
    title: { env: [], what: "the name of your application, for its rankings" },
  },
  headers: { "http-referer": "{referer}", "x-title": "{title}" },
  quirks: {
    // It says what it billed, in US dollars.
    costInDollars: true,
    reasoningRequest: "reasoning",
    // Gemini and OpenAI models behind it refuse a tool's second round without their blocks.
    reasoningHistory: "reasoning_details",
    fileUrls: true,
    videoUrls: true,
    topK: true,
    cacheControl: true,
  },
  sites: ["www.npmjs.com/package/@openrouter/"],
  docs: [
    // The codes of errors.
    "https://openrouter.ai/docs/api/reference/errors-and-debugging.md",
    // Streams.
    "https://openrouter.ai/docs/api_reference/streaming",
    // OPENROUTER_API_KEY and the base URL, read on 2026-11-28.
    "https://www.npmjs.com/package/@openrouter/ai-sdk-provider",
    // Embeddings.
    "https://openrouter.ai/docs/api/reference/embeddings",
    // Rankings.
    "https://openrouter.ai/docs/api/api-reference/rerank/create-rerank",
  ],
} as const satisfies ProviderData;
