import type { ProviderData } from "../endpoint/data.js";

/**
 * Alibaba's Qwen models, over Model Studio (DashScope) in Singapore; `qwen-cn` is Beijing's. A key is good in
 * its own region alone.
 */
export const qwen = {
  id: "qwen",
  label: "Qwen (Alibaba Model Studio)",
  dialect: "openai-chat",
  baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
  keyEnv: ["DASHSCOPE_API_KEY", "ALIBABA_API_KEY", "MODELSTUDIO_API_KEY"],
  keyUrl: "https://modelstudio.console.alibabacloud.com/?tab=model#/api-key",
  model: "qwen3.8-max",
  // biome-ignore format: a table, one model a line
  models: {
    "qwen3.8-max": { input: ["text", "image", "video"], tools: true, reasoning: true },
    "qwen3.8-flash": { contextWindow: 991_000, input: ["text", "image", "video"], tools: true, reasoning: true },
    "qwen3.7-plus": { contextWindow: 1_000_000, input: ["text", "image", "video"], tools: true, reasoning: true },
    "qwen3-max": { tools: true },
    "qwen-plus": { tools: true },
    "qwen-flash": { tools: true },
  },
  quirks: {
    reasoningRequest: "enable_thinking",
    reasoningHistory: "reasoning_content",
    videoUrls: true,
    // An assistant turn with neither text nor calls is refused, and so is JSON mode without the word JSON.
    noEmptyAssistant: true,
    needsJsonWord: true,
    // `insufficient_quota` is a limit of tokens per minute here, and not money.
    quotaIsRate: true,
  },
  sites: ["github.com/dashscope/"],
  docs: [
    // DASHSCOPE_API_KEY, read on 2026-11-28.
    "https://github.com/dashscope/dashscope-sdk-python",
    // The base URLs and the fields.
    "https://www.alibabacloud.com/help/es/model-studio/compatibility-of-openai-with-dashscope",
    "https://www.alibabacloud.com/help/doc-detail/2833609.html",
  ],
} as const satisfies ProviderData;
