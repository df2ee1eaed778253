import type { ProviderData } from "../endpoint/data.js";

/**
 * Models on your own machine, over Ollama's native API; `ollama-openai` is the same server in OpenAI's
 * dialect.
 */
export const ollama = {
  id: "ollama",
  label: "Ollama",
  preferred: 1,
  dialect: "ollama-chat",
  ownDialect: true,
  baseUrl: "{host}",
  keyOptional: true,
  keyUrl: "https://ollama.com/settings/keys",
  model: "gpt-oss:20b",
  kinds: { embed: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "gpt-oss:20b": { tools: true, reasoning: true },
    "gemma4:31b": { tools: true },
    "qwen3:4b": { tools: true, reasoning: true },
    "gpt-oss:120b": { tools: true, reasoning: true },
  },
  variables: {
    host: {
      env: ["OLLAMA_HOST"],
      default: "http://localhost:11434",
      what: "the server's address",
      address: { scheme: "http", port: 11434 },
    },
  },
  local: true,
  sites: ["github.com/ollama/"],
  docs: [
    // The API.
    "https://docs.ollama.com/openapi.yaml",
    // The OpenAI-compatible one.
    "https://docs.ollama.com/openai.md",
    // OLLAMA_HOST, read on 2026-11-28.
    "https://github.com/ollama/ollama/blob/main/docs/faq.mdx",
    // OLLAMA_API_KEY.
    "https://github.com/ollama/ollama/blob/main/docs/api/authentication.mdx",
    // Embeddings.
    "https://docs.ollama.com/api/embed",
  ],
} as const satisfies ProviderData;
