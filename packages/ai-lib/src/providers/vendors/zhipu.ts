import type { ProviderData } from "../endpoint/data.js";
import { zai } from "./zai.js";

/** Zhipu's GLM models, over BigModel, its Chinese platform. */
export const zhipu = {
  ...zai,
  id: "zhipu",
  label: "Zhipu AI BigModel (GLM)",
  priceId: "zhipuai",
  baseUrl: "https://open.bigmodel.cn/api/paas/v4",
  keyEnv: ["ZHIPUAI_API_KEY", "BIGMODEL_API_KEY"],
  keyUrl: "https://bigmodel.cn/usercenter/proj-mgmt/apikeys",
  sites: ["github.com/zai-org/"],
  docs: [
    // The base URL, read on 2026-11-28. It reads ZAI_API_KEY for both platforms, whose keys differ.
    "https://github.com/zai-org/z-ai-sdk-python",
    // Third party: ZHIPU_API_KEY.
    "https://github.com/anomalyco/models.dev/tree/dev/providers/zhipuai",
  ],
} as const satisfies ProviderData;
