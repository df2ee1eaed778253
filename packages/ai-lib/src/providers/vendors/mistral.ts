import type { ProviderData } from "../endpoint/data.js";

/** Mistral's own models. */
export const mistral = {
  id: "mistral",
  label: "Mistral AI",
  preferred: 6,
  priceId: "mistral",
  telemetryName: "mistral_ai",
  dialect: "mistral-chat",
  ownDialect: true,
  baseUrl: "https://api.mistral.ai/v1",
  keyUrl: "https://console.mistral.ai/api-keys",
  model: "mistral-medium-latest",
  kinds: {
    embed: { model: "mistral-embed" },
    moderate: { model: "mistral-moderation-latest" },
    transcribe: { model: "voxtral-mini-latest" },
    // https://docs.mistral.ai/studio/audio/text-to-speech/voices, read on 2026-11-28: of both sets, the first of each speaker.
    speak: {
      model: "voxtral-mini-tts-latest",
      voices: {
        default: "en_paul_neutral",
        // biome-ignore format: a list
        names: [
          "voice_478", "voice_447", "voice_485", "voice_484", "voice_483", "voice_482", "voice_481", "voice_480",
          "voice_479", "en_paul_neutral", "gb_jane_neutral", "gb_oliver_neutral",
        ],
        more: true,
      },
    },
    ocr: { model: "mistral-ocr-latest" },
  },
  // biome-ignore format: a table, one model a line
  models: {
    "mistral-large-4": { contextWindow: 1_048_576, maxOutputTokens: 262_144, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "mistral-medium-latest": { contextWindow: 262_144, maxOutputTokens: 262_144, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "mistral-medium-3.5": { contextWindow: 262_144, maxOutputTokens: 262_144, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "mistral-small-latest": { contextWindow: 262_144, maxOutputTokens: 256_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "mistral-large-latest": { contextWindow: 262_144, maxOutputTokens: 262_144, input: ["text", "image", "pdf"], tools: true, reasoning: false },
    "ministral-8b-latest": { contextWindow: 262_144, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: false },
  },
  // https://docs.mistral.ai/api/endpoint/chat, `prefix`
  prefill: ["*"],
  files: { path: "/files", api: "mistral", maxBytes: 536_870_912, purpose: "ocr" },
  // https://docs.mistral.ai/studio-api/batch-processing; up to seven days.
  batches: {
    api: "mistral-batches",
    kinds: ["chat", "embed", "moderate", "ocr"],
    rows: 1_000_000,
    bytes: 500_000_000,
    price: 0.5,
    windows: [24, 48, 72, 96, 120, 144, 168],
  },
  sites: ["www.npmjs.com/package/@mistralai/"],
  docs: [
    // The size of files.
    "https://docs.mistral.ai/resources/known-limitations.md",
    // MISTRAL_API_KEY, read on 2026-11-28.
    "https://www.npmjs.com/package/@mistralai/mistralai",
    // Third party, which cites the vendor's pages: what mistral-medium-latest refers to.
    "https://github.com/anomalyco/models.dev/tree/dev/providers/mistral",
    // Embeddings.
    "https://docs.mistral.ai/capabilities/embeddings/overview/",
    // Moderation.
    "https://docs.mistral.ai/capabilities/guardrailing/",
    // Transcripts.
    "https://docs.mistral.ai/capabilities/audio_transcription",
    // Texts of documents.
    "https://docs.mistral.ai/capabilities/document_ai/basic_ocr",
  ],
} as const satisfies ProviderData;
