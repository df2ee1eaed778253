import type { ProviderData } from "../endpoint/data.js";

/** Cloudflare's Workers AI. */
export const cloudflare = {
  id: "cloudflare",
  label: "Cloudflare Workers AI",
  priceId: "cloudflare",
  dialect: "openai-chat",
  baseUrl: "https://api.cloudflare.com/client/v4/accounts/{accountId}/ai/v1",
  keyEnv: ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_AUTH_TOKEN"],
  keyUrl: "https://dash.cloudflare.com/profile/api-tokens",
  model: "@cf/openai/gpt-oss-120b",
  // biome-ignore format: a table, one model a line
  models: {
    "@cf/openai/gpt-oss-120b": { contextWindow: 128_000, maxOutputTokens: 16_384, input: ["text"], tools: true, reasoning: true },
    "@cf/openai/gpt-oss-20b": { contextWindow: 128_000, maxOutputTokens: 16_384, input: ["text"], tools: true, reasoning: true },
    "@cf/zai-org/glm-5.3-flash": { contextWindow: 1_048_576, maxOutputTokens: 1_048_576, input: ["text", "image"], tools: true, reasoning: true },
    "@cf/qwen/qwen3.8-27b": { contextWindow: 262_144, maxOutputTokens: 262_144, input: ["text", "image"], tools: true, reasoning: true },
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast": { contextWindow: 24_000, maxOutputTokens: 24_000, input: ["text"], tools: true, reasoning: false },
    "@cf/meta/llama-4-scout-17b-16e-instruct": { contextWindow: 131_000, maxOutputTokens: 16_384, input: ["text", "image"], tools: true, reasoning: false },
  },
  variables: { accountId: { env: ["CLOUDFLARE_ACCOUNT_ID"], what: "the account id" } },
  // The list of models answers in Cloudflare's own shape.
  modelsPath: null,
  // Content that is null is a 400 (live matrix of 2026-08-30 in the last page below).
  quirks: { emptyContent: "empty" },
  sites: ["github.com/cloudflare/"],
  docs: [
    // The base URL, CLOUDFLARE_API_KEY and CLOUDFLARE_ACCOUNT_ID, read on 2026-11-28.
    "https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility",
    // The default model and CLOUDFLARE_AUTH_TOKEN.
    "https://developers.cloudflare.com/workers-ai/models/gpt-oss-120b",
    // CLOUDFLARE_API_TOKEN.
    "https://github.com/cloudflare/cloudflare-typescript",
    // Third party: content that is null, the other models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/cloudflare.json",
  ],
} as const satisfies ProviderData;
