import type { ProviderData } from "../endpoint/data.js";

/** Deepgram's transcripts and speech. */
export const deepgram = {
  id: "deepgram",
  label: "Deepgram",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.deepgram.com/v1",
  auth: { style: "header", header: "authorization", prefix: "Token " },
  keyUrl: "https://console.deepgram.com/",
  modelsPath: null,
  kinds: {
    transcribe: { api: "deepgram-listen", model: "nova-3" },
    speak: { api: "deepgram-speak", model: "aura-2-thalia-en" },
  },
  docs: [
    // The base URL, the header of the key and the options.
    "https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded",
    // The base URL of speech, the header of the key, the default voice and how voices are named, read on 2026-11-28.
    "https://developers.deepgram.com/docs/tts-models",
    // The lists of models and voices, read on 2026-11-28.
    "https://developers.deepgram.com/docs/model-metadata",
    // Speech.
    "https://developers.deepgram.com/reference/text-to-speech/speak-request",
  ],
} as const satisfies ProviderData;
