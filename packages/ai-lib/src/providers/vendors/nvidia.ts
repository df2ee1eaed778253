import type { ProviderData } from "../endpoint/data.js";

/** NVIDIA's hosted NIM endpoints. */
export const nvidia = {
  id: "nvidia",
  label: "NVIDIA NIM",
  dialect: "openai-chat",
  baseUrl: "https://integrate.api.nvidia.com/v1",
  keyEnv: ["NVIDIA_NIM_API_KEY"],
  keyUrl: "https://build.nvidia.com",
  model: "nvidia/nemotron-3.5-super-vl-120b-a12b",
  kinds: { embed: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "nvidia/nemotron-3.5-super-vl-120b-a12b": { contextWindow: 1_048_576, maxOutputTokens: 8_192, input: ["text", "image"], tools: true, reasoning: true },
    "nvidia/nemotron-3-ultra-550b-a55b": { contextWindow: 1_000_000, maxOutputTokens: 65_536, input: ["text"], tools: true, reasoning: true },
    "nvidia/nemotron-3.5-lightning-30b-a3b": { contextWindow: 262_144, maxOutputTokens: 262_144, input: ["text"], tools: true, reasoning: true },
    "openai/gpt-oss-20b": { contextWindow: 131_072, maxOutputTokens: 32_768, input: ["text"], tools: true, reasoning: true },
    "deepseek-ai/deepseek-v4.1-flash": { contextWindow: 1_000_000, maxOutputTokens: 384_000, input: ["text", "image"], tools: true, reasoning: true },
    "meta/llama-3.3-70b-instruct": { tools: true },
  },
  // No reasoning_effort: thinking is switched in the model's chat template.
  quirks: { reasoningRequest: "chat_template_kwargs" },
  sites: ["github.com/NVIDIA/"],
  docs: [
    // The base URL and NVIDIA_API_KEY, read on 2026-11-28.
    "https://github.com/NVIDIA/GenerativeAIExamples",
    // The paths.
    "https://docs.nvidia.com/nim/large-language-models/latest/api-reference.html",
    // Third party: NVIDIA_NIM_API_KEY.
    "https://litellm.vercel.app/docs/providers/nvidia_nim.md",
    // Third party: the default model.
    "https://docs.rs/synaps/0.1.4/synaps_cli/runtime/openai/catalog/",
    // Embeddings.
    "https://docs.nvidia.com/nim/nemo-retriever/text-embedding/latest/reference.html",
  ],
} as const satisfies ProviderData;
