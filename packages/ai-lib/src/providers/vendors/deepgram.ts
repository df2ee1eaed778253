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
    // Speech.
    "https://developers.deepgram.com/reference/text-to-speech/speak-request",
  ],
} as const satisfies ProviderData;
