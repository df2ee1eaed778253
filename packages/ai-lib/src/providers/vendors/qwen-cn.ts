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
} as const satisfies ProviderData;
