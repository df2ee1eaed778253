import type { ProviderData } from "../endpoint/data.js";

/** Deepgram's transcripts. */
export const deepgram = {
  id: "deepgram",
  label: "Deepgram",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.deepgram.com/v1",
  auth: { style: "header", header: "authorization", prefix: "Token " },
  keyUrl: "https://console.deepgram.com/",
  modelsPath: null,
  kinds: { transcribe: { api: "deepgram-listen", model: "nova-3" } },
  docs: [
    // The base URL, the header of the key and the options.
    "https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded",
  ],
} as const satisfies ProviderData;
