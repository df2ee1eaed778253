import type { ProviderData } from "../endpoint/data.js";

/** Vercel's AI Gateway to the models of most vendors. */
export const vercelGateway = {
  id: "vercel-gateway",
  label: "Vercel AI Gateway",
  dialect: "openai-chat",
  baseUrl: "https://ai-gateway.vercel.sh/v1",
  keyEnv: ["AI_GATEWAY_API_KEY", "VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"],
  model: "openai/gpt-6.1-sol",
  // biome-ignore format: a table, one model a line
  models: {
    "openai/gpt-6.1-sol": { contextWindow: 1_050_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "anthropic/claude-sonnet-5.5": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "google/gemini-3.8-flash": { contextWindow: 1_000_000, maxOutputTokens: 65_535, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "openai/gpt-6-luna": { contextWindow: 1_050_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "alibaba/qwen3.8-flash": { contextWindow: 991_000, maxOutputTokens: 128_000, input: ["text", "image", "video"], tools: true, reasoning: true },
    "openai/gpt-6.2-sol": { contextWindow: 1_050_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
  },
  quirks: {
    // It says what it billed, in US dollars.
    costInDollars: true,
    reasoningRequest: "reasoning",
    reasoningHistory: "reasoning_details",
    cacheControl: true,
  },
  sites: ["vercel.com"],
  docs: [
    // The base URL.
    "https://vercel.com/docs/ai-gateway/openai-compat",
    // The default model and its limits, read on 2026-11-28.
    "https://vercel.com/ai-gateway/models/gpt-6.1-sol.md",
    // Third party: VERCEL_AI_GATEWAY_API_KEY.
    "https://litellm.vercel.app/docs/providers/vercel_ai_gateway.md",
  ],
} as const satisfies ProviderData;
