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
} as const satisfies ProviderData;
