import type { ProviderData } from "../endpoint/data.js";

/** Writer's Palmyra models. Its chat endpoint is OpenAI's under another path. */
export const writer = {
  id: "writer",
  label: "Writer",
  dialect: "openai-chat",
  baseUrl: "https://api.writer.com/v1",
  model: "palmyra-x5",
  // biome-ignore format: a table, one model a line
  models: {
    "palmyra-x5": { contextWindow: 1_040_000, maxOutputTokens: 8_192, tools: true },
    "palmyra-x4": { contextWindow: 128_000, tools: true },
  },
  path: "/chat",
  sites: ["www.npmjs.com/package/writer-sdk"],
  docs: [
    // The path, the bearer key and the models, read on 2026-11-28.
    "https://dev.writer.com/api-reference/completion-api/chat-completion",
    // The base URL and WRITER_API_KEY.
    "https://www.npmjs.com/package/writer-sdk",
    "https://dev.writer.com/home/model-delegation",
    // Third party: the limits.
    "https://strandsagents.com/docs/user-guide/sdk/model-providers/writer/",
  ],
} as const satisfies ProviderData;
