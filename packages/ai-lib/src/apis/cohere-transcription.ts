import { formTranscription } from "./form-transcription.js";

/** Transcripts of Cohere: https://docs.cohere.com/docs/transcribe */
export const codec = formTranscription({
  path: "/audio/transcriptions",
  model: "model",
  language: "language",
  cannot: {
    prompt: "Cohere takes no prompt with sound",
    translate: "Cohere writes what is spoken",
    timestamps: "Cohere reports no times",
    speakers: "Cohere does not identify speakers",
  },
});
