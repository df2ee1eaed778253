import type { ProviderData } from "../endpoint/data.js";

/** ElevenLabs' transcripts and speech. */
export const elevenLabs = {
  id: "elevenlabs",
  label: "ElevenLabs",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.elevenlabs.io/v1",
  auth: { style: "header", header: "xi-api-key" },
  keyUrl: "https://elevenlabs.io/app/settings/api-keys",
  modelsPath: null,
  kinds: {
    transcribe: { api: "elevenlabs-transcription", model: "scribe_v2" },
    speak: { api: "elevenlabs-speak", model: "eleven_multilingual_v2" },
  },
  docs: [
    // The base URL, the header of the key and the fields.
    "https://elevenlabs.io/docs/api-reference/speech-to-text/convert",
    // The default model of speech, read on 2026-11-28; the page lists scribe_v1, and no scribe_v2 was found on it.
    "https://www.elevenlabs.io/docs/models",
    // Speech.
    "https://elevenlabs.io/docs/api-reference/text-to-speech/convert",
  ],
} as const satisfies ProviderData;
