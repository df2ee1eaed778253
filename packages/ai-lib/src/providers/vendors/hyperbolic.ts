import type { ProviderData } from "../endpoint/data.js";

/**
 * Hyperbolic's inference of open models. Hugging Face's router dropped it in June 2026; its own API was still
 * listed in October.
 */
export const hyperbolic = {
  id: "hyperbolic",
  label: "Hyperbolic",
  dialect: "openai-chat",
  baseUrl: "https://api.hyperbolic.xyz/v1",
  keyUrl: "https://app.hyperbolic.ai/settings",
  model: "meta-llama/Llama-3.3-70B-Instruct",
  // Seen on DeepSeek-R1 (recordings huggingface-hyperbolic.openai-chat.*).
  quirks: { byModel: [{ match: ["*DeepSeek-R1*"], quirks: { thinkTags: true } }] },
  docs: [
    // The base URL and the bearer key, read on 2026-11-28.
    "https://docs.hyperbolic.ai/inference/text-apis",
    // Third parties: HYPERBOLIC_API_KEY and the default model.
    "https://litellm.vercel.app/docs/providers/hyperbolic.md",
    "https://docs.rs/rig-core/0.42.0/src/rig_core/providers/hyperbolic.rs.html",
  ],
} as const satisfies ProviderData;
