import type { ProviderData } from "../endpoint/data.js";

/**
 * OpenCode Zen's gateway. This is its Chat Completions endpoint, which serves neither Claude nor GPT models.
 */
export const openCodeZen = {
  id: "opencode-zen",
  label: "OpenCode Zen",
  dialect: "openai-chat",
  baseUrl: "https://opencode.ai/zen/v1",
  keyEnv: ["OPENCODE_API_KEY"],
  keyUrl: "https://opencode.ai/auth",
  model: "glm-5.3",
  // biome-ignore format: a table, one model a line
  models: {
    "glm-5.3": { contextWindow: 1_000_000, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
    "glm-5.3-flash": { contextWindow: 1_000_000, maxOutputTokens: 131_072, input: ["text", "image"], tools: true, reasoning: true },
    "kimi-k3": { contextWindow: 1_048_576, maxOutputTokens: 131_072, input: ["text", "image"], tools: true, reasoning: true },
    "deepseek-v4.1-flash": { contextWindow: 1_000_000, maxOutputTokens: 384_000, input: ["text", "image"], tools: true, reasoning: true },
    "minimax-m3": { contextWindow: 512_000, maxOutputTokens: 128_000, input: ["text", "image"], tools: true, reasoning: true },
    "big-pickle": { contextWindow: 200_000, maxOutputTokens: 32_000, input: ["text"], tools: true, reasoning: true },
  },
  sites: ["github.com/anomalyco/opencode/"],
  docs: [
    // The base URL, the list of models and what each endpoint serves, read on 2026-11-28.
    "https://github.com/anomalyco/opencode/blob/dev/packages/web/src/content/docs/zen.mdx",
    // Third party: OPENCODE_API_KEY.
    "https://docs.docker.com/ai/docker-agent/providers/opencode-zen.md",
    // Third party: the default model.
    "https://docs.rs/rig-core/0.46.0/rig_core/providers/opencode/index.html",
  ],
} as const satisfies ProviderData;
