import type { ProviderData } from "../endpoint/data.js";

/** xAI's Grok models, over Chat Completions. */
export const xai = {
  id: "xai",
  label: "xAI",
  priceId: "x-ai",
  telemetryName: "x_ai",
  dialect: "openai-chat",
  baseUrl: "https://api.x.ai/v1",
  keyUrl: "https://console.x.ai",
  model: "grok-4.7",
  kinds: {
    transcribe: { api: "xai-transcription", model: "grok-stt" },
    // https://docs.x.ai/developers/model-capabilities/audio/text-to-speech, read on 2026-11-28: five voices; the list of the
    // API may have more.
    speak: {
      api: "xai-speak",
      model: "grok-tts",
      voices: { names: ["eve", "ara", "rex", "sal", "leo"], more: true },
    },
    image: { api: "xai-images", model: "grok-imagine-image" },
  },
  // biome-ignore format: a table, one model a line
  models: {
    "grok-4.7": { contextWindow: 500_000, maxOutputTokens: 500_000, input: ["text", "image"], tools: true, reasoning: true },
    "grok-4.6": { contextWindow: 500_000, maxOutputTokens: 500_000, input: ["text", "image"], tools: true, reasoning: true },
    "grok-4.5": { contextWindow: 500_000, maxOutputTokens: 500_000, input: ["text", "image"], tools: true, reasoning: true },
    "grok-4.3": { contextWindow: 1_000_000, maxOutputTokens: 30_000, input: ["text", "image"], tools: true, reasoning: true },
    "grok-4.20-0309-non-reasoning": { tools: true },
  },
  quirks: {
    // Recordings xai.openai-chat.*: a strict schema need be neither closed nor all required.
    strictSchemas: "any",
    reasoningEfforts: ["low", "medium", "high", "xhigh"],
    cacheKeyHeader: "x-grok-conv-id",
    // https://docs.x.ai/docs/guides/reasoning: models that reason refuse penalties and stop sequences; those that do not,
    // and Grok 4 up to 4.1, refuse an effort.
    omit: ["presencePenalty", "frequencyPenalty", "stop"],
    byModel: [
      {
        match: ["*non-reasoning*", "grok-2*", "grok-3", "grok-3-latest", "grok-3-fast*"],
        quirks: { reasoningRequest: "none", omit: [] },
      },
      { match: ["grok-3-mini*"], quirks: { reasoningEfforts: ["low", "high"] } },
      { match: ["grok-4", "grok-4-*", "grok-code-*"], quirks: { reasoningRequest: "none" } },
    ],
  },
  // https://docs.x.ai/developers/rest-api-reference/files/upload: a purpose may be named and means nothing.
  files: { path: "/files", api: "openai", maxBytes: 52_428_800 },
  // https://docs.x.ai/docs/guides/batch-api; the price differs by model.
  batches: { api: "xai-batches", kinds: ["chat"], rows: 50_000, bytes: 250_000_000, windows: [24] },
  docs: [
    // The default model, its limits, its efforts, XAI_API_KEY and the header of the cache, read on 2026-11-28.
    "https://docs.x.ai/developers/grok-4-7",
    "https://docs.x.ai/developers/grok-4-6",
    // The base URL.
    "https://docs.x.ai/developers/introduction.md",
    // Transcripts.
    "https://docs.x.ai/docs/guides/voice",
    // Speech.
    "https://docs.x.ai/developers/model-capabilities/audio/text-to-speech",
    // Pictures.
    "https://docs.x.ai/docs/guides/image-generations",
  ],
} as const satisfies ProviderData;
