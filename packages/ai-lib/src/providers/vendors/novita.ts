import type { ProviderData } from "../endpoint/data.js";

/** Novita's inference of open models. */
export const novita = {
  id: "novita",
  label: "Novita AI",
  priceId: "novita",
  dialect: "openai-chat",
  baseUrl: "https://api.novita.ai/openai/v1",
  keyUrl: "https://novita.ai/settings/key-management",
  model: "zai-org/glm-5.3-flash",
  // biome-ignore format: a table, one model a line
  models: {
    "zai-org/glm-5.3-flash": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "video"], tools: true, reasoning: true },
    "moonshotai/kimi-k3": { tools: true },
    "deepseek/deepseek-v4-pro": { tools: true },
    "minimax/minimax-m3": { contextWindow: 1_000_000, input: ["text", "image"], tools: true, reasoning: true },
    "meta-llama/llama-3.3-70b-instruct": { tools: true },
  },
  quirks: {
    byModel: [
      // 400 to json_schema and to json_object (the second page below).
      { match: ["meta-llama/llama-3.3-70b-instruct"], quirks: { structuredOutput: "none" } },
      // Seen on distilled R1 (recording novita.openai-chat.stream.test-tapes.291.7536e2).
      { match: ["deepseek/deepseek-r1-distill*"], quirks: { thinkTags: true } },
    ],
  },
  docs: [
    // The base URL and the default model, its limits and its input, read on 2026-11-28.
    "https://novita.ai/models/model-detail/zai-org-glm-5.3-flash",
    // Third party: the other models and structured output.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/novita.json",
    // Third party: NOVITA_API_KEY.
    "https://www.promptfoo.dev/docs/providers/novita/",
  ],
} as const satisfies ProviderData;
