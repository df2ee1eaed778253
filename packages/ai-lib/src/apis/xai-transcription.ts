import { formTranscription } from "./form-transcription.js";

/** Transcripts of xAI, which has one model for sound: https://docs.x.ai/docs/guides/voice */
export const codec = formTranscription({
  path: "/stt",
  language: "language",
  speakers: { name: "diarize", value: "true" },
  url: "url",
  cannot: { prompt: "xAI takes no prompt with sound", translate: "xAI writes what is spoken" },
});
