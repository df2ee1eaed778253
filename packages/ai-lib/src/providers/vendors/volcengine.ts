import type { ProviderData } from "../endpoint/data.js";

/**
 * ByteDance's Doubao models, over Volcengine Ark. A model is a dated id or an inference endpoint of yours
 * (ep-...).
 */
export const volcengine = {
  id: "volcengine",
  label: "Volcengine Ark (Doubao)",
  dialect: "openai-chat",
  baseUrl: "https://ark.cn-beijing.volces.com/api/v3",
  keyEnv: ["ARK_API_KEY", "VOLCANO_ENGINE_API_KEY"],
  keyUrl: "https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey",
  model: "doubao-seed-2-1-pro-260628",
  // biome-ignore format: a table, one model a line
  models: {
    "doubao-seed-2-1-pro-260628": { tools: true },
    "doubao-seed-2-1-turbo-260628": { tools: true },
    "doubao-seed-2-0-pro-260215": { tools: true },
    "doubao-seed-2-0-mini-260428": { tools: true },
    "doubao-seed-1-8-251228": { contextWindow: 256_000, input: ["text", "image"], tools: true },
  },
  sites: ["github.com/volcengine/", "cloudwego.io"],
  docs: [
    // The base URL and ARK_API_KEY, read on 2026-11-28.
    "https://github.com/volcengine/volcengine-python-sdk/tree/master/volcenginesdkarkruntime",
    // ByteDance's framework: models and inference endpoints.
    "https://cloudwego.io/docs/eino/ecosystem/chat_model/chat_model_ark",
    // Third party: the models.
    "https://mastra.ai/models/providers/volcengine",
  ],
} as const satisfies ProviderData;
