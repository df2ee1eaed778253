import type { ProviderData } from "../endpoint/data.js";
import { siliconFlow } from "./siliconflow.js";

/** SiliconFlow's inference of open models, over its Chinese platform. */
export const siliconFlowCn = {
  ...siliconFlow,
  id: "siliconflow-cn",
  label: "SiliconFlow (China)",
  baseUrl: "https://api.siliconflow.cn/v1",
  keyEnv: ["SILICONFLOW_API_KEY"],
  keyUrl: "https://cloud.siliconflow.cn/account/ak",
  docs: [
    // The path, read on 2026-11-28.
    "https://docs.siliconflow.cn/llms-full.txt",
    // Third party: the base URL.
    "https://huasheng.ai/insights/siliconflow-api-guide",
    // Third party: SILICONFLOW_CN_API_KEY.
    "https://github.com/anomalyco/models.dev/tree/dev/providers/siliconflow-cn",
  ],
} as const satisfies ProviderData;
