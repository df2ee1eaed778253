import { formTranscription } from "./form-transcription.js";

/** Transcripts of ElevenLabs: https://elevenlabs.io/docs/api-reference/speech-to-text/convert */
export const codec = formTranscription({
  path: "/speech-to-text",
  model: "model_id",
  language: "language_code",
  timestamps: () => [{ name: "timestamps_granularity", value: "word" }],
  speakers: { name: "diarize", value: "true" },
  url: "cloud_storage_url",
  cannot: {
    prompt: "ElevenLabs takes keyterms: extensions.elevenlabs.keyterms",
    translate: "ElevenLabs writes what is spoken",
  },
});
