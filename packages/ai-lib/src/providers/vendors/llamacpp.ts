import type { ProviderData } from "../endpoint/data.js";

/**
 * A model on your own machine, served by llama.cpp's `llama-server`. It serves one model and ignores the name.
 */
export const llamaCpp = {
  id: "llamacpp",
  label: "llama.cpp",
  preferred: 3,
  dialect: "openai-chat",
  baseUrl: "http://localhost:8080/v1",
  keyEnv: ["LLAMA_API_KEY"],
  keyOptional: true,
  model: "default",
  quirks: { topK: true },
  local: true,
  docs: [
    "https://www.mintlify.com/ggml-org/llama.cpp/inference/server",
    "https://mvysny.github.io/llama-server-endpoints/",
  ],
} as const satisfies ProviderData;
