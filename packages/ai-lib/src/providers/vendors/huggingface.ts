import type { ProviderData } from "../endpoint/data.js";

/** Hugging Face's router to inference providers. `model:provider` chooses one of them. */
export const huggingFace = {
  id: "huggingface",
  label: "Hugging Face",
  dialect: "openai-chat",
  baseUrl: "https://router.huggingface.co/v1",
  keyEnv: ["HF_TOKEN"],
  keyUrl: "https://huggingface.co/settings/tokens",
  model: "deepseek-ai/DeepSeek-V4.1-Flash",
  kinds: {
    embed: { api: "hf-feature-extraction", model: "intfloat/multilingual-e5-large" },
    transcribe: { api: "hf-transcription", model: "openai/whisper-large-v3" },
  },
  // biome-ignore format: a table, one model a line
  models: {
    "deepseek-ai/DeepSeek-V4.1-Flash": { contextWindow: 1_048_576, maxOutputTokens: 384_000, input: ["text", "image"], tools: true, reasoning: true },
    "openai/gpt-oss-120b": { contextWindow: 131_072, maxOutputTokens: 32_768, input: ["text"], tools: true, reasoning: true },
    "openai/gpt-oss-20b": { contextWindow: 131_072, maxOutputTokens: 32_768, input: ["text"], tools: true, reasoning: true },
    "moonshotai/Kimi-K3": { contextWindow: 1_000_000, maxOutputTokens: 131_072, input: ["text", "image"], tools: true, reasoning: true },
    "Qwen/Qwen3.8-27B": { contextWindow: 262_144, maxOutputTokens: 32_768, input: ["text", "image"], tools: true, reasoning: true },
    "meta-llama/Llama-3.3-70B-Instruct": { contextWindow: 131_072, maxOutputTokens: 4_096, input: ["text"], tools: true, reasoning: false },
  },
  docs: [
    // The base URL, the choice of a provider and HF_TOKEN, read on 2026-11-28.
    "https://huggingface.co/docs/inference-providers",
    // Embeddings.
    "https://huggingface.co/docs/inference-providers/tasks/feature-extraction",
    // Transcripts.
    "https://huggingface.co/docs/inference-providers/tasks/automatic-speech-recognition",
  ],
} as const satisfies ProviderData;
