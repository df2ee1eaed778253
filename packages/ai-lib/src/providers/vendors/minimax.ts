import type { ProviderData } from "../endpoint/data.js";

/** MiniMax's own models; `minimax-cn` is the Chinese platform. */
export const miniMax = {
  id: "minimax",
  label: "MiniMax",
  dialect: "openai-chat",
  baseUrl: "https://api.minimax.io/v1",
  model: "MiniMax-M3",
  // biome-ignore format: a table, one model a line
  models: {
    "MiniMax-M3": { contextWindow: 1_000_000, maxOutputTokens: 524_288, tools: true, reasoning: true },
    "MiniMax-M3.1-Flash": { contextWindow: 1_000_000, maxOutputTokens: 524_288, tools: true, reasoning: true },
    "MiniMax-M2.7": { contextWindow: 204_800, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
    "MiniMax-M2.7-highspeed": { contextWindow: 204_800, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
  },
  quirks: {
    maxTokensField: "max_completion_tokens",
    // Third party: "Values outside this range will return an error" (https://docs.camel-ai.org/reference/camel.configs.minimax_config).
    bounds: { temperature: 1 },
    // https://platform.minimaxi.com/docs/api-reference/text-openai-api: without it thinking is tags inside the text, and with it every block must come back.
    body: { reasoning_split: true },
    reasoningHistory: "reasoning_details",
    // "adaptive" or nothing: no degrees.
    reasoningRequest: "none",
    // https://platform.minimax.io/docs/api-reference/errorcode
    errorCodes: {
      PROVIDER_ERROR: [1000, 1001, 1013, 1024, 1033],
      RATE_LIMIT: [1002, 1039, 1041, 2045, 2056],
      AUTH_FAILED: [1004, 2049],
      QUOTA_EXHAUSTED: [1008],
      CONTENT_FILTERED: [1026, 1027],
      INVALID_REQUEST: [1042, 2013],
    },
    // Pictures on M3 and later alone.
    byModel: [{ match: ["MiniMax-M2*"], quirks: { textOnly: true } }],
  },
  sites: ["minimaxi.com", "www.npmjs.com/package/vercel-minimax-ai-provider"],
  docs: [
    // The base URL and MINIMAX_API_KEY, read on 2026-11-28.
    "https://www.npmjs.com/package/vercel-minimax-ai-provider",
    // The fields and the models, over the Chinese platform.
    "https://platform.minimaxi.com/docs/api-reference/text-openai-api",
    // Third party: the limits.
    "https://www.developersdigest.tech/reference/api-compatibility/minimax",
  ],
} as const satisfies ProviderData;
