import type { ProviderData } from "../endpoint/data.js";

/**
 * iFlytek's Spark models. The key is the APIPassword on the console's page of HTTP services: each version of
 * the model has its own.
 */
export const iflytekSpark = {
  id: "iflytek-spark",
  label: "iFlytek Spark",
  dialect: "openai-chat",
  baseUrl: "https://spark-api-open.xf-yun.com/v1",
  keyEnv: ["SPARK_API_KEY", "SPARK_API_PASSWORD"],
  keyUrl: "https://console.xfyun.cn",
  model: "4.0Ultra",
  // biome-ignore format: a table, one model a line
  models: {
    "4.0Ultra": { contextWindow: 32_768, tools: true },
    "generalv3.5": { contextWindow: 8_192, tools: true },
    generalv3: { contextWindow: 8_192, tools: false },
    "pro-128k": { contextWindow: 131_072, tools: false },
    lite: { contextWindow: 8_192, tools: false },
  },
  modelsPath: null,
  quirks: {
    // https://www.xfyun.cn/doc/spark/HTTP%E8%B0%83%E7%94%A8%E6%96%87%E6%A1%A3.html
    errorCodes: {
      INVALID_REQUEST: [10003, 10004, 10005, 10163],
      RATE_LIMIT: [10006, 10007, 11201, 11202, 11203],
      OVERLOADED: [10008, 10010],
      PROVIDER_ERROR: [10012, 10110],
      CONTENT_FILTERED: [10013, 10014, 10019],
      CONTEXT_TOO_LONG: [10907],
      PERMISSION_DENIED: [11200],
      AUTH_FAILED: [10313, 10314],
    },
    // The page below: tools and a system role on 4.0Ultra and Max alone.
    byModel: [{ match: ["lite", "generalv3", "pro-128k"], quirks: { systemRole: "user", omit: ["tools"] } }],
  },
  docs: [
    // The base URL, the models and what they take, read on 2026-11-28.
    "https://www.xfyun.cn/doc/spark/HTTP调用文档.html",
  ],
} as const satisfies ProviderData;
