import type { ProviderData } from "../endpoint/data.js";

/** FriendliAI's serverless inference of open models. */
export const friendli = {
  id: "friendli",
  label: "FriendliAI",
  dialect: "openai-chat",
  baseUrl: "https://api.friendli.ai/serverless/v1",
  keyEnv: ["FRIENDLI_TOKEN"],
  keyUrl: "https://suite.friendli.ai/team/tokens",
  model: "zai-org/GLM-5.3",
  // biome-ignore format: a table, one model a line
  models: {
    "zai-org/GLM-5.3": { contextWindow: 1_048_576, maxOutputTokens: 131_072, input: ["text"], tools: true, reasoning: true },
    "zai-org/GLM-5.3-Flash": { tools: true },
    "deepseek-ai/DeepSeek-V3.2": { tools: true },
    "MiniMaxAI/MiniMax-M2.5": { tools: true },
  },
  variables: { team: { env: [], what: "the team that pays" } },
  headers: { "x-friendli-team": "{team}" },
  sites: ["www.npmjs.com/package/@friendliai/"],
  docs: [
    // The base URL, the bearer key and X-Friendli-Team, read on 2026-11-28.
    "https://friendli.ai/docs/openapi/create-chat-completions",
    // FRIENDLI_TOKEN.
    "https://www.npmjs.com/package/@friendliai/ai-provider",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/src/lib/providers/catalog/friendli.json",
  ],
} as const satisfies ProviderData;
