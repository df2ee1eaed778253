import type { ProviderData } from "../endpoint/data.js";

/** Ollama's hosted models. */
export const ollamaCloud = {
  id: "ollama-cloud",
  label: "Ollama Cloud",
  dialect: "openai-chat",
  baseUrl: "https://ollama.com/v1",
  keyEnv: ["OLLAMA_API_KEY"],
  keyUrl: "https://ollama.com/settings/keys",
  model: "gpt-oss:120b",
  // biome-ignore format: a table, one model a line
  models: {
    "gpt-oss:120b": { tools: true },
    "gpt-oss:20b": { tools: true },
    "gemma4:31b": { tools: true },
    "glm-5.3-flash": { tools: true },
    "kimi-k3": { tools: true },
    "deepseek-v4.1-flash": { tools: true },
  },
  quirks: { reasoningHistory: "reasoning" },
  sites: ["github.com/ollama/"],
  docs: [
    // The path.
    "https://docs.ollama.com/openai.md",
    // The host and OLLAMA_API_KEY, read on 2026-11-28.
    "https://github.com/ollama/ollama/blob/main/docs/api/authentication.mdx",
  ],
} as const satisfies ProviderData;
