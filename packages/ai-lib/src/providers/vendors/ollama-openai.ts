import type { ProviderData } from "../endpoint/data.js";
import { ollama } from "./ollama.js";

/** Models on your own machine, over Ollama's OpenAI-compatible API. */
export const ollamaOpenAi = {
  ...ollama,
  id: "ollama-openai",
  label: "Ollama (OpenAI-compatible)",
  preferred: null,
  dialect: "openai-chat",
  baseUrl: "{host}/v1",
  keyEnv: ["OLLAMA_API_KEY"],
  quirks: {
    // Pictures as base64 alone, and none of these fields (https://docs.ollama.com/api/openai-compatibility).
    noImageUrls: true,
    toolChoices: ["auto", "none", "required"],
    omit: ["parallelToolCalls", "serviceTier", "user", "metadata"],
    reasoningHistory: "reasoning",
  },
  docs: [
    // The path.
    "https://docs.ollama.com/openai.md",
    // The fields that it does not take.
    "https://docs.ollama.com/api/openai-compatibility",
  ],
} as const satisfies ProviderData;
