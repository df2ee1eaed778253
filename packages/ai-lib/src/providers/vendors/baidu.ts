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
  quirks: {
    // https://cloud.baidu.com/doc/WENXINWORKSHOP/s/tlmyncueh
    errorCodes: {
      PROVIDER_ERROR: [1, 336000],
      OVERLOADED: [2, 336100],
      MODEL_NOT_FOUND: [3],
      RATE_LIMIT: [4, 18, 336501, 336502, 336503, 336504, 336505],
      PERMISSION_DENIED: [6],
      AUTH_FAILED: [13, 14, 15, 100, 110, 111],
      QUOTA_EXHAUSTED: [17, 19],
      INVALID_REQUEST: [336001, 336002, 336003, 336004, 336005, 336006],
      CONTEXT_TOO_LONG: [336007, 336103, 336104],
    },
  },
  sites: ["baidu.com"],
  docs: [
    // The base URL and OpenAI's SDK, read on 2026-11-28.
    "https://cloud.baidu.com/doc/qianfan/s/Hmh4suq26",
    // The bearer key.
    "https://cloud.baidu.com/doc/qianfan/s/rmh4stn9m",
    // Third party: the default model and QIANFAN_API_KEY.
    "https://apidog.com/blog/how-to-use-ernie-5-1-api/",
    // Third party: the other model.
    "https://raw.githubusercontent.com/juspay/neurolink/master/docs/getting-started/providers/baidu-qianfan.md",
  ],
} as const satisfies ProviderData;
