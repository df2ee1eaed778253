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
  sites: ["tencentcloud.com"],
  docs: [
    // OpenAI's API and the bearer key, read on 2026-11-28. The hosts on it are those of the international platform.
    "https://www.tencentcloud.com/zh/document/product/1300/78941",
    // Third party: the base URL, which is the mainland's, and TOKENHUB_API_KEY.
    "https://docs.openclaw.ai/providers/tencent",
    // Third party: TENCENT_TOKENHUB_API_KEY and hy3.
    "https://github.com/anomalyco/models.dev/tree/dev/providers/tencent-tokenhub",
    // Third party: the other models.
    "https://ngrok.com/docs/ai-gateway/providers/tokenhub",
  ],
} as const satisfies ProviderData;
