import type { ProviderData } from "../endpoint/data.js";

/**
 * Models on your own machine, served by LM Studio. A model that is not loaded is loaded by the first call,
 * which is then slow.
 */
export const lmStudio = {
  id: "lmstudio",
  label: "LM Studio",
  preferred: 2,
  dialect: "openai-chat",
  baseUrl: "http://localhost:1234/v1",
  keyEnv: ["LM_API_TOKEN"],
  keyOptional: true,
  keyUrl: "https://lmstudio.ai/docs/developer/core/authentication",
  model: "openai/gpt-oss-20b",
  kinds: { embed: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "openai/gpt-oss-20b": { tools: true, reasoning: true },
    "qwen/qwen3-30b-a3b-2507": { tools: true },
    "zai-org/glm-4.7-flash": { tools: true },
  },
  // An object is a 400: https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/670.
  quirks: { topK: true, toolChoices: ["auto", "none", "required"] },
  local: true,
  sites: ["github.com/lmstudio-ai/"],
  docs: [
    // The port and the paths.
    "https://lmstudio.ai/docs/developer/openai-compat",
    // The API of its own.
    "https://lmstudio.ai/docs/api/rest-api",
    // LM_API_TOKEN, read on 2026-11-28.
    "https://github.com/lmstudio-ai/docs/blob/main/1_developer/0_core/authentication.mdx",
    // Embeddings.
    "https://lmstudio.ai/docs/developer/openai-compat/embeddings",
  ],
} as const satisfies ProviderData;
