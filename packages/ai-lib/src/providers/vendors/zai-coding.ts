import type { ProviderData } from "../endpoint/data.js";
import { zai } from "./zai.js";

/** Zhipu's GLM models, over Z.AI's Coding Plan, which has an endpoint of its own. */
export const zaiCoding = {
  ...zai,
  id: "zai-coding",
  label: "Z.AI (GLM Coding Plan)",
  priceId: null,
  baseUrl: "https://api.z.ai/api/coding/paas/v4",
  keyEnv: ["ZAI_API_KEY"],
  sites: ["github.com/zai-org/"],
  docs: [
    // ZAI_API_KEY, read on 2026-11-28.
    "https://github.com/zai-org/z-ai-sdk-python",
    // Third party: the base URL.
    "https://github.com/anomalyco/models.dev/tree/dev/providers/zai-coding-plan",
  ],
} as const satisfies ProviderData;
