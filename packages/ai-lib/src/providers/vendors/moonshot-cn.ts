import type { ProviderData } from "../endpoint/data.js";
import { moonshot } from "./moonshot.js";

/** Moonshot's Kimi models, over its Chinese platform. */
export const moonshotCn = {
  ...moonshot,
  id: "moonshot-cn",
  label: "Moonshot AI (Kimi, China)",
  priceId: null,
  baseUrl: "https://api.moonshot.cn/v1",
  keyEnv: ["MOONSHOT_API_KEY"],
  keyUrl: "https://platform.moonshot.cn/console/api-keys",
  docs: ["https://docs.openclaw.ai/fa/providers/moonshot"],
} as const satisfies ProviderData;
