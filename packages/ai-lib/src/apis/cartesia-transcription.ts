import { formTranscription } from "./form-transcription.js";

/** Transcripts of Cartesia: https://docs.cartesia.ai/api-reference/stt/transcribe */
export const codec = formTranscription({
  path: "/stt",
  model: "model",
  language: "language",
  timestamps: () => [{ name: "timestamp_granularities[]", value: "word" }],
  cannot: {
    prompt: "Cartesia takes no prompt with sound",
    translate: "Cartesia writes what is spoken",
    speakers: "Cartesia does not identify speakers",
  },
});
