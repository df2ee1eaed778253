import type { ProviderData } from "../endpoint/data.js";

/** Tencent's Hunyuan models, over TokenHub. */
export const tencentHunyuan = {
  id: "tencent-hunyuan",
  label: "Tencent TokenHub (Hunyuan)",
  dialect: "openai-chat",
  baseUrl: "https://tokenhub.tencentmaas.com/v1",
  keyEnv: ["TOKENHUB_API_KEY", "TENCENT_TOKENHUB_API_KEY", "HUNYUAN_API_KEY"],
  model: "hy3",
  // biome-ignore format: a table, one model a line
  models: {
    hy3: { tools: true },
    "hy3-preview": { contextWindow: 256_000, tools: true, reasoning: true },
    "hy4-preview": { tools: true },
  },
  docs: [
    "https://docs.openclaw.ai/providers/tencent",
    "https://ngrok.com/docs/ai-gateway/providers/tokenhub",
  ],
} as const satisfies ProviderData;
