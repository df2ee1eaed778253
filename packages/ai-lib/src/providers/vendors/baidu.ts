import type { ProviderData } from "../endpoint/data.js";

/** Baidu's ERNIE models, over Qianfan v2. */
export const baidu = {
  id: "baidu",
  label: "Baidu Qianfan (ERNIE)",
  dialect: "openai-chat",
  baseUrl: "https://qianfan.baidubce.com/v2",
  keyEnv: ["QIANFAN_API_KEY"],
  model: "ernie-5.1",
  // biome-ignore format: a table, one model a line
  models: {
    "ernie-5.1": { tools: true },
    "ernie-5.5-flash-preview": { contextWindow: 1_000_000, reasoning: true },
  },
  docs: [
    "https://raw.githubusercontent.com/juspay/neurolink/master/docs/getting-started/providers/baidu-qianfan.md",
    "https://apidog.com/blog/how-to-use-ernie-5-1-api/",
  ],
} as const satisfies ProviderData;
