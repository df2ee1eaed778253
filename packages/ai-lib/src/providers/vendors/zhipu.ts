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
} as const satisfies ProviderData;
