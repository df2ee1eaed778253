import type { ProviderData } from "../endpoint/data.js";

/** SiliconFlow's inference of open models; `siliconflow-cn` is the Chinese platform. */
export const siliconFlow = {
  id: "siliconflow",
  label: "SiliconFlow",
  dialect: "openai-chat",
  baseUrl: "https://api.siliconflow.com/v1",
  keyUrl: "https://cloud.siliconflow.com/account/ak",
  model: "deepseek-ai/DeepSeek-V4-Pro",
  kinds: { embed: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "deepseek-ai/DeepSeek-V4-Pro": { contextWindow: 1_049_000, input: ["text"], tools: true, reasoning: true },
    "deepseek-ai/DeepSeek-V4-Flash": { contextWindow: 1_049_000, input: ["text"], tools: true, reasoning: true },
    "moonshotai/Kimi-K2.6": { contextWindow: 262_000, input: ["text", "image"], tools: true },
    "Qwen/Qwen3.6-27B": { contextWindow: 262_000, input: ["text", "image"], tools: true },
    "zai-org/GLM-5.1": { contextWindow: 205_000, input: ["text"], tools: true },
  },
  // https://docs.siliconflow.com/en/userguide/capabilities/reasoning; structured output is json_object alone.
  quirks: { reasoningRequest: "enable_thinking", structuredOutput: "json-object" },
  docs: [
    // The base URL and the fields.
    "https://docs.siliconflow.com/en/api-reference/chat-completions/chat-completions",
    // The path and the list of models, read on 2026-11-28.
    "https://docs.siliconflow.com/llms-full.txt",
    // Third party: SILICONFLOW_API_KEY, the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/docs/getting-started/providers/siliconflow.md",
    // Embeddings.
    "https://docs.siliconflow.com/en/api-reference/embeddings/create-embeddings",
  ],
} as const satisfies ProviderData;
