import type { ProviderData } from "../endpoint/data.js";
import { qwen } from "./qwen.js";

/** Alibaba's Qwen models, over Bailian (DashScope) in Beijing. */
export const qwenCn = {
  ...qwen,
  id: "qwen-cn",
  label: "Qwen (Alibaba Bailian, China)",
  baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
  keyEnv: ["DASHSCOPE_API_KEY"],
  keyUrl: "https://bailian.console.aliyun.com/?tab=model#/api-key",
  sites: ["alibabacloud.com", "github.com/dashscope/"],
  docs: [
    // DASHSCOPE_API_KEY, read on 2026-11-28.
    "https://github.com/dashscope/dashscope-sdk-python",
    // The base URLs and the fields.
    "https://www.alibabacloud.com/help/es/model-studio/compatibility-of-openai-with-dashscope",
  ],
} as const satisfies ProviderData;
