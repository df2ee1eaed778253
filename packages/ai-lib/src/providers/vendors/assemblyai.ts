import type { ProviderData } from "../endpoint/data.js";

/** AssemblyAI's transcripts, by jobs. */
export const assemblyai = {
  id: "assemblyai",
  label: "AssemblyAI",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.assemblyai.com/v2",
  auth: { style: "header", header: "authorization" },
  keyUrl: "https://www.assemblyai.com/dashboard/api-keys",
  modelsPath: null,
  kinds: { transcribe: { api: "assemblyai-transcription", model: "universal-2" } },
  docs: [
    // The models, read on 2026-11-28: `speech_models` is required; universal-3-5-pro is recommended, universal-2 has the most
    // languages.
    "https://www.assemblyai.com/llms/models.md",
    // The base URL, the header of the key and the options.
    "https://www.assemblyai.com/docs/api-reference/transcripts/submit",
    // The upload.
    "https://www.assemblyai.com/docs/api-reference/files/upload",
    // The models.
    "https://www.assemblyai.com/docs/speaker-diarization",
  ],
} as const satisfies ProviderData;
