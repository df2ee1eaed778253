import type { ProviderData } from "../endpoint/data.js";

/** Cartesia's transcripts and speech. */
export const cartesia = {
  id: "cartesia",
  label: "Cartesia",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.cartesia.ai",
  keyUrl: "https://play.cartesia.ai/keys",
  headers: { "cartesia-version": "2025-04-16" },
  modelsPath: null,
  kinds: {
    transcribe: { api: "cartesia-transcription", model: "ink-whisper" },
    speak: { api: "cartesia-speak", model: "sonic-3" },
  },
  docs: [
    // The models and their endpoints, read on 2026-11-28: ink-whisper is the one that /stt takes.
    "https://docs.cartesia.ai/pricing.md",
    // The versions and the list of voices, read on 2026-11-28: 2026-03-01 is the latest, 2025-04-16 is still taken.
    "https://docs.cartesia.ai/api-reference/voices/list",
    // The base URL and the fields.
    "https://docs.cartesia.ai/api-reference/stt/transcribe",
    // Speech.
    "https://docs.cartesia.ai/api-reference/tts/bytes",
  ],
} as const satisfies ProviderData;
