import type { ProviderData } from "../endpoint/data.js";

/** Zhipu's GLM models, over Z.AI, its international platform; `zhipu` is the Chinese one. */
export const zai = {
  id: "zai",
  label: "Z.AI (GLM)",
  priceId: "zai",
  dialect: "openai-chat",
  baseUrl: "https://api.z.ai/api/paas/v4",
  keyEnv: ["Z_AI_API_KEY", "ZHIPU_API_KEY"],
  keyUrl: "https://z.ai/manage-apikey/apikey-list",
  model: "glm-5.3",
  // biome-ignore format: a table, one model a line
  models: {
    "glm-5.3": { contextWindow: 1_000_000, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
    "glm-5.3-flash": { contextWindow: 1_000_000, maxOutputTokens: 131_072, tools: true, reasoning: true },
    "glm-5.2": { contextWindow: 1_000_000, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
    "glm-4.7": { contextWindow: 204_800, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
    "glm-5.3-flashx": { contextWindow: 1_000_000, tools: true },
    "glm-4.7-flash": { contextWindow: 200_000, input: ["text"], tools: true },
  },
  quirks: {
    videoUrls: true,
    reasoningRequest: "thinking",
    // Wanted back together with tool results.
    reasoningHistory: "reasoning_content",
    // https://docs.z.ai/api-reference/llm/chat-completion.md: text and json_object, tool_choice auto.
    structuredOutput: "json-object",
    toolChoices: ["auto"],
    // The parameters and their range, as its SDK has them:
    // https://github.com/zai-org/z-ai-sdk-python/blob/main/src/zai/api_resource/chat/completions.py
    userField: "user_id",
    bounds: { temperature: 1 },
    omit: [
      "presencePenalty",
      "frequencyPenalty",
      "logprobs",
      "logitBias",
      "parallelToolCalls",
      "serviceTier",
      "metadata",
      "store",
      "prediction",
      "verbosity",
    ],
    // https://docs.bigmodel.cn/cn/faq/api-code
    errorCodes: {
      AUTH_FAILED: [1000, 1001, 1002, 1003, 1004, 1111],
      PERMISSION_DENIED: [1110, 1112, 1120, 1121, 1220, 1311, 1313],
      QUOTA_EXHAUSTED: [1113, 1309],
      INVALID_REQUEST: [1210, 1213, 1214, 1215],
      MODEL_NOT_FOUND: [1211, 1221, 1222],
      UNSUPPORTED_FEATURE: [1212],
      PROVIDER_ERROR: [1200, 1230, 1231, 1234],
      CONTEXT_TOO_LONG: [1261],
      CONTENT_FILTERED: [1300, 1301],
      RATE_LIMIT: [1302, 1303, 1304, 1308, 1310],
      OVERLOADED: [1305, 1312],
    },
  },
  sites: ["github.com/zai-org/"],
  docs: [
    // The base URL and ZAI_API_KEY, read on 2026-11-28.
    "https://github.com/zai-org/z-ai-sdk-python",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/docs/getting-started/providers/z-ai.md",
    // Third party: ZHIPU_API_KEY.
    "https://github.com/anomalyco/models.dev/tree/dev/providers/zai",
  ],
} as const satisfies ProviderData;
