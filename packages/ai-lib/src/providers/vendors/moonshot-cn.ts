import type { ProviderData } from "../endpoint/data.js";
import { moonshot } from "./moonshot.js";

/** Moonshot's Kimi models, over its Chinese platform. */
export const moonshotCn = {
  ...moonshot,
  id: "moonshot-cn",
  label: "Moonshot AI (Kimi, China)",
  priceId: null,
  baseUrl: "https://api.moonshot.cn/v1",
  keyEnv: ["MOONSHOT_API_KEY", "KIMI_API_KEY"],
  keyUrl: "https://platform.moonshot.cn/console/api-keys",
  sites: ["github.com/MoonshotAI/"],
  docs: [
    // The base URL and KIMI_API_KEY, read on 2026-11-28.
    "https://github.com/MoonshotAI/kimi-cli/blob/main/docs/en/configuration/env-vars.md",
    // Third party: MOONSHOT_API_KEY.
    "https://docs.openclaw.ai/fa/providers/moonshot",
  ],
} as const satisfies ProviderData;
