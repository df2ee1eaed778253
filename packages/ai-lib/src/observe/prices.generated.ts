// Written by `npm run generate` from scripts/data/prices.json, which names the source of each price. Do not edit.
import type { Price } from "../core/values/model.js";

/** The price of a model at some providers. */
export interface KnownPrice {
  readonly providers: readonly string[];
  readonly models: readonly string[];
  /** The last day that it holds, as `YYYY-MM-DD` in UTC. Default: no end is known. */
  readonly until?: string;
  /** The hours of a day, in UTC, for which it is known. Default: all. */
  readonly hours?: readonly (readonly [from: number, to: number])[];
  readonly price: Price;
}

/** The day on which the prices were last checked. */
export const PRICES_DATE = "2026-11-28";

/** The prices that come with the package. */
// biome-ignore format: a table, one price a line
export const KNOWN_PRICES: readonly KnownPrice[] = [
  { providers: ["openai", "openai-responses"], models: ["gpt-6.2-sol"], price: { input: 2, output: 10, cachedInput: 0.1, cacheWriteInput: 2.5, cacheWrites: { "30m": 2.5, "12h": 5 }, tiers: { batch: 0.5, priority: 2 }, longContext: { above: 272000, input: 4, output: 15, cachedInput: 0.2, cacheWriteInput: 5, cacheWrites: { "30m": 5 } } } },
  { providers: ["anthropic"], models: ["claude-sonnet-5-5"], price: { input: 2, output: 10, cachedInput: 0.2, cacheWriteInput: 2.5, cacheWrites: { "5m": 2.5, "1h": 4 }, toolUses: { web_search: 0.01, web_fetch: 0 }, tiers: { batch: 0.5 } } },
  { providers: ["google", "vertex"], models: ["gemini-3.8-flash"], until: "2026-12-31", price: { input: 0.75, output: 3.75, cachedInput: 0.075, inputByModality: { audio: 0.75 }, tiers: { flex: 0.5, batch: 0.5 } } },
  { providers: ["xai", "xai-responses"], models: ["grok-4.7"], price: { input: 2, output: 6, cachedInput: 0.5, longContext: { above: 200000, input: 4, output: 12, cachedInput: 1 } } },
  { providers: ["deepseek"], models: ["deepseek-flash"], hours: [[0, 1], [4, 6], [10, 24]], price: { input: 0.15, output: 0.6, cachedInput: 0.003 } },
  { providers: ["groq"], models: ["openai/gpt-oss-120b"], price: { input: 0.15, output: 0.6, cachedInput: 0.075 } },
  { providers: ["mistral"], models: ["mistral-medium-latest", "mistral-medium-2604"], price: { input: 1.5, output: 7.5, cachedInput: 0.15 } },
  { providers: ["cohere"], models: ["command-a-plus-05-2026"], price: { input: 2.5, output: 10 } },
  { providers: ["cerebras"], models: ["gpt-oss-120b"], price: { input: 0.35, output: 0.75 } },
  { providers: ["cloudflare"], models: ["@cf/openai/gpt-oss-120b"], price: { input: 0.35, output: 0.75 } },
  { providers: ["novita"], models: ["zai-org/glm-5.3-flash"], price: { input: 0.15, output: 0.5, cachedInput: 0.03 } },
  { providers: ["venice"], models: ["zai-org-glm-5-2"], price: { input: 1.4, output: 4.4, cachedInput: 0.26 } },
  { providers: ["friendli"], models: ["zai-org/GLM-5.3"], price: { input: 1.26, output: 3.96, cachedInput: 0.234 } },
  { providers: ["moonshot"], models: ["kimi-k3"], price: { input: 3, output: 15, cachedInput: 0.3 } },
  { providers: ["stepfun"], models: ["step-5-preview"], price: { input: 1, output: 2.7, cachedInput: 0.05 } },
  { providers: ["deepinfra"], models: ["deepseek-ai/DeepSeek-V4-Flash-0731"], price: { input: 0.06, output: 0.18, cachedInput: 0.015 } },
  { providers: ["together"], models: ["deepseek-ai/DeepSeek-V4.1-Flash"], price: { input: 0.3, output: 1.2, cachedInput: 0.006 } },
  { providers: ["chutes"], models: ["moonshotai/Kimi-K2.6-TEE"], price: { input: 0.66, output: 3.5, cachedInput: 0.33 } },
  { providers: ["databricks"], models: ["databricks-claude-sonnet-4-6"], price: { input: 3, output: 15, cachedInput: 0.3, cacheWriteInput: 3.75 } },
  { providers: ["morph"], models: ["morph-v3-large"], price: { input: 0.9, output: 1.9 } },
  { providers: ["nebius"], models: ["openai/gpt-oss-120b"], price: { input: 0.15, output: 0.6, cachedInput: 0.015, cacheWriteInput: 0.18 } },
  { providers: ["ovhcloud"], models: ["gpt-oss-120b"], price: { input: 0.09, output: 0.47 } },
  { providers: ["perplexity"], models: ["perplexity/sonar"], price: { input: 0.25, output: 2.5, cachedInput: 0.0625 } },
  { providers: ["siliconflow"], models: ["deepseek-ai/DeepSeek-V4-Pro"], price: { input: 1.74, output: 3.48, cachedInput: 0.145 } },
  { providers: ["inception"], models: ["mercury-2"], price: { input: 0.25, output: 0.75, cachedInput: 0.025 } },
  { providers: ["sambanova"], models: ["gpt-oss-120b"], price: { input: 0.22, output: 0.59 } },
  { providers: ["vercel-gateway"], models: ["openai/gpt-6.1-sol"], price: { input: 2, output: 10, cachedInput: 0.1, cacheWriteInput: 2.5 } },
  { providers: ["avian"], models: ["deepseek/deepseek-v4-pro-0813"], price: { input: 0.594, output: 1.782, cachedInput: 0.0198 } },
  { providers: ["baseten"], models: ["zai-org/GLM-5.3-Flash"], price: { input: 0.15, output: 0.5, cachedInput: 0.03 } },
  { providers: ["zai"], models: ["glm-5.3"], price: { input: 1.4, output: 4.4, cachedInput: 0.26 } },
  { providers: ["bedrock"], models: ["us.anthropic.claude-sonnet-5-5"], price: { input: 2.2, output: 11, cachedInput: 0.22, cacheWriteInput: 2.75, cacheWrites: { "5m": 2.75 } } },
  { providers: ["bedrock-mantle"], models: ["openai.gpt-5.6-luna"], price: { input: 0.22, output: 1.32, cachedInput: 0.022, cacheWriteInput: 0.275 } },
  { providers: ["openai", "openai-responses"], models: ["text-embedding-3-small"], price: { input: 0.02, output: 0 } },
  { providers: ["openai", "openai-responses"], models: ["gpt-4o-transcribe"], price: { input: 2.5, output: 10, inputByModality: { audio: 6 } } },
  { providers: ["openai", "openai-responses"], models: ["gpt-image-1"], price: { input: 5, output: 40, inputByModality: { image: 10 } } },
  { providers: ["cohere"], models: ["embed-v4.0"], price: { input: 0.12, output: 0 } },
  { providers: ["google", "vertex"], models: ["gemini-embedding-001"], price: { input: 0.15, output: 0 } },
  { providers: ["google"], models: ["gemini-2.5-flash-preview-tts"], price: { input: 0.5, output: 10 } },
  { providers: ["google", "vertex"], models: ["gemini-2.5-flash-image"], price: { input: 0.3, output: 2.5, outputByModality: { image: 30 } } },
  { providers: ["mistral"], models: ["mistral-embed"], price: { input: 0.1, output: 0 } },
  { providers: ["mistral"], models: ["voxtral-mini-latest"], price: { input: 0, output: 0, units: { seconds: 0.00005 } } },
  { providers: ["mistral"], models: ["mistral-ocr-latest"], price: { input: 0, output: 0, units: { pages: 0.004 } } },
  { providers: ["groq"], models: ["whisper-large-v3-turbo"], price: { input: 0, output: 0, units: { seconds: 0.0000111111 } } },
  { providers: ["voyage"], models: ["voyage-3.5"], price: { input: 0.06, output: 0 } },
  { providers: ["voyage"], models: ["rerank-2.5"], price: { input: 0.05, output: 0 } },
  { providers: ["deepgram"], models: ["nova-3"], price: { input: 0, output: 0, units: { seconds: 0.00007167 } } },
  { providers: ["assemblyai"], models: ["universal-2"], price: { input: 0, output: 0, units: { seconds: 0.0000416667 } } },
  { providers: ["gladia"], models: ["solaria-1"], price: { input: 0, output: 0, units: { seconds: 0.000169444 } } },
  { providers: ["xai"], models: ["grok-stt"], price: { input: 0, output: 0, units: { seconds: 0.0000277778 } } },
  { providers: ["xai"], models: ["grok-tts"], price: { input: 0, output: 0, units: { characters: 0.000015 } } },
  { providers: ["venice"], models: ["tts-orpheus"], price: { input: 0, output: 0, units: { characters: 0.0000625 } } },
  { providers: ["venice"], models: ["elevenlabs-tts-multilingual-v2"], price: { input: 0, output: 0, units: { characters: 0.000115 } } },
];
