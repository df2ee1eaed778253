import type { ProviderData } from "../endpoint/data.js";

/** Perplexity's Agent API. Its Sonar chat completions ended on 2026-09-27. */
export const perplexity = {
  id: "perplexity",
  label: "Perplexity",
  priceId: "perplexity",
  dialect: "openai-responses",
  baseUrl: "https://api.perplexity.ai/v1",
  keyEnv: ["PPLX_API_KEY"],
  keyUrl: "https://www.perplexity.ai/settings/api",
  model: "perplexity/sonar",
  kinds: { embed: { api: "perplexity-embeddings", model: "pplx-embed-v1-0.6b" } },
  // biome-ignore format: a table, one model a line
  models: {
    "perplexity/sonar": { reasoning: false },
    "anthropic/claude-haiku-4-5": { tools: true },
    "anthropic/claude-opus-4-5": { tools: true },
    "anthropic/claude-opus-4-6": { tools: true },
    "anthropic/claude-opus-4-7": { tools: true },
    "anthropic/claude-sonnet-4-5": { tools: true },
  },
  // Unknown fields are answered with 400: these are not in `ResponsesRequest` of the API's own page
  // (https://docs.perplexity.ai/api-reference/agent-post.md), nor in the declarations of perplexity_ai 0.38.
  quirks: {
    omit: [
      "store",
      "include",
      "logprobs",
      "parallelToolCalls",
      "toolChoice",
      "serviceTier",
      "cacheKey",
      "user",
      "metadata",
      "maxToolCalls",
      "verbosity",
      "contextManagement",
    ],
    // The format of an answer has a field of the form of Chat Completions, for a schema alone.
    responseFormatField: true,
  },
  sites: ["www.npmjs.com/package/@perplexity-ai/"],
  docs: [
    // The base URL and the fields.
    "https://docs.perplexity.ai/docs/agent-api/migrate-from-sonar/how-to.md",
    // The default model.
    "https://docs.perplexity.ai/docs/agent-api/migrate-from-sonar/overview.md",
    // The end of Sonar's chat completions, read on 2026-11-28.
    "https://docs.perplexity.ai/getting-started/pricing.md",
    // PERPLEXITY_API_KEY.
    "https://www.npmjs.com/package/@perplexity-ai/perplexity_ai",
    // Embeddings.
    "https://docs.perplexity.ai/api-reference/embeddings-post",
  ],
} as const satisfies ProviderData;
