import type { ProviderData } from "../endpoint/data.js";

/**
 * A model on your own machine, served by llama.cpp's `llama-server`. Outside its router mode it serves one model
 * and ignores the name.
 */
export const llamaCpp = {
  id: "llamacpp",
  label: "llama.cpp",
  preferred: 3,
  dialect: "openai-chat",
  // Port 8080 until the change of default that the second page announces: set LLAMACPP_BASE_URL for such a server.
  baseUrl: "http://localhost:9931/v1",
  keyEnv: ["LLAMA_API_KEY"],
  keyOptional: true,
  model: "default",
  // An object is read as "auto": https://github.com/ggml-org/llama.cpp/pull/26849.
  quirks: { topK: true, toolChoices: ["auto", "none", "required"] },
  kinds: { embed: {}, rerank: { api: "cohere-rerank" }, transcribe: {} },
  local: true,
  sites: ["github.com/ggml-org/"],
  docs: [
    // The port and LLAMA_API_KEY, read on 2026-11-28.
    "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
    // Why the port changed.
    "https://github.com/ggml-org/llama.cpp/pull/26508",
  ],
} as const satisfies ProviderData;
