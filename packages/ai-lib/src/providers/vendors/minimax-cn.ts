import type { ProviderData } from "../endpoint/data.js";
import { miniMax } from "./minimax.js";

/** MiniMax's own models, over its Chinese platform. */
export const miniMaxCn = {
  ...miniMax,
  id: "minimax-cn",
  label: "MiniMax (China)",
  baseUrl: "https://api.minimaxi.com/v1",
  keyEnv: ["MINIMAX_API_KEY"],
  keyUrl: "https://platform.minimaxi.com/user-center/basic-information/interface-key",
  sites: ["github.com/MiniMax-AI/"],
  docs: [
    // MINIMAX_API_KEY and the host, read on 2026-11-28.
    "https://github.com/MiniMax-AI/MiniMax-MCP",
    // The fields and the models.
    "https://platform.minimaxi.com/docs/api-reference/text-openai-api",
  ],
} as const satisfies ProviderData;
