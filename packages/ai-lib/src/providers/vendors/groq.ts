import type { ProviderData } from "../endpoint/data.js";

/** Groq's inference of open models. */
export const groq = {
  id: "groq",
  label: "Groq",
  preferred: 5,
  priceId: "groq",
  dialect: "openai-chat",
  baseUrl: "https://api.groq.com/openai/v1",
  keyUrl: "https://console.groq.com/keys",
  model: "openai/gpt-oss-120b",
  kinds: {
    transcribe: { model: "whisper-large-v3-turbo" },
    // https://console.groq.com/docs/text-to-speech; the voices were read on 2026-11-28 in a third party's list:
    // https://github.com/barneyonline/ha-groq/wiki/Text-to-Speech.
    speak: {
      model: "canopylabs/orpheus-v1-english",
      voices: {
        default: "autumn",
        names: ["autumn", "diana", "hannah", "austin", "daniel", "troy"],
        byModel: [
          {
            match: ["canopylabs/orpheus-arabic-*"],
            default: "fahad",
            names: ["abdullah", "fahad", "sultan", "lulwa", "noura", "aisha"],
          },
        ],
      },
    },
  },
  // biome-ignore format: a table, one model a line
  models: {
    "openai/gpt-oss-120b": { contextWindow: 131_072, maxOutputTokens: 65_536, input: ["text"], tools: true, reasoning: true },
    "openai/gpt-oss-20b": { contextWindow: 131_072, maxOutputTokens: 65_536, input: ["text"], tools: true, reasoning: true },
    "qwen/qwen3.8-27b": { contextWindow: 131_072, maxOutputTokens: 16_384, input: ["text", "image"], tools: true, reasoning: true },
    "qwen/qwen3.6-27b": { contextWindow: 131_072, maxOutputTokens: 16_384, input: ["text", "image"], tools: true, reasoning: true },
  },
  // https://console.groq.com/docs/prefilling
  prefill: ["*"],
  // Reasoning is streamed as it is made (https://console.groq.com/docs/reasoning).
  headFirst: true,
  quirks: {
    // The first page of `docs`: the first two answer 400. The declarations of groq-sdk 1.6: "not yet supported by any of our
    // models", and "not currently supported".
    omit: ["logprobs", "logitBias", "presencePenalty", "frequencyPenalty", "metadata", "store"],
    // "Up to 4 sequences", "between 0 and 2" (groq-sdk 1.6).
    bounds: { stops: 4, temperature: 2 },
    // https://console.groq.com/docs/service-tiers
    serviceTiers: { standard: "on_demand", priority: "performance", fast: null },
    // https://console.groq.com/docs/structured-outputs: "Streaming and tool use are not currently supported with
    // Structured Outputs".
    noToolsWithFormat: true,
    // https://console.groq.com/docs/reasoning: gpt-oss takes degrees, Qwen "none" and "default" alone, and others no effort.
    reasoningRequest: "none",
    byModel: [
      {
        match: ["openai/gpt-oss-*"],
        quirks: { reasoningRequest: "reasoning_effort", reasoningEfforts: ["low", "medium", "high"] },
      },
    ],
  },
  // Files are for batches alone (https://console.groq.com/docs/batch; the size: its SDK).
  files: { path: "/files", api: "openai", maxBytes: 104_857_600, purpose: null, expiry: false },
  // https://console.groq.com/docs/batch
  batches: {
    api: "openai-batches",
    kinds: ["chat"],
    rows: 50_000,
    bytes: 100_000_000,
    price: 0.5,
    windows: [24, 48, 72, 96, 120, 144, 168],
  },
  sites: ["www.npmjs.com/package/groq-sdk"],
  docs: [
    // What it does not take.
    "https://console.groq.com/docs/openai",
    // The models that it still serves.
    "https://console.groq.com/docs/deprecations.md",
    // GROQ_API_KEY and the base URL, read on 2026-11-28.
    "https://www.npmjs.com/package/groq-sdk",
    // Speech.
    "https://console.groq.com/docs/text-to-speech",
    // Transcripts.
    "https://console.groq.com/docs/speech-to-text",
  ],
} as const satisfies ProviderData;
