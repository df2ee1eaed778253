import type { ProviderData } from "../endpoint/data.js";

/** Google's Gemini models, over the Gemini API. */
export const google = {
  id: "google",
  label: "Google Gemini API",
  preferred: 3,
  priceId: "google",
  telemetryName: "gcp.gemini",
  dialect: "gemini",
  ownDialect: true,
  baseUrl: "https://generativelanguage.googleapis.com/v1beta",
  auth: { style: "header", header: "x-goog-api-key" },
  keyEnv: ["GEMINI_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"],
  keyUrl: "https://aistudio.google.com/apikey",
  model: "gemini-3.8-flash",
  kinds: {
    embed: { model: "gemini-embedding-001" },
    countTokens: {},
    transcribe: { model: "gemini-3.8-flash" },
    // https://ai.google.dev/gemini-api/docs/speech-generation#voices; the names were read on 2026-11-28 in a third party's
    // list: https://openrouter.ai/google/gemini-3.8-flash-tts/llms.txt.
    speak: {
      model: "gemini-2.5-flash-preview-tts",
      voices: {
        default: "Kore",
        // biome-ignore format: a list
        names: [
          "Zephyr", "Puck", "Charon", "Kore", "Fenrir", "Leda", "Orus", "Aoede", "Callirrhoe", "Autonoe",
          "Enceladus", "Iapetus", "Umbriel", "Algieba", "Despina", "Erinome", "Algenib", "Rasalgethi", "Laomedeia",
          "Achernar", "Alnilam", "Schedar", "Gacrux", "Pulcherrima", "Achird", "Zubenelgenubi", "Vindemiatrix",
          "Sadachbia", "Sadaltager", "Sulafat",
        ],
      },
    },
    image: { model: "gemini-2.5-flash-image" },
  },
  // biome-ignore format: a table, one model a line
  models: {
    "gemini-3.8-flash": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-4-argon": { contextWindow: 1_048_576, maxOutputTokens: 32_768, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-3.6-flash": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-3.5-flash-lite": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-3.1-flash-lite": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-2.5-flash": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
  },
  // A sibling of /v1beta, not a child.
  files: { path: "/files", api: "gemini", maxBytes: 2_147_483_648 },
  // https://ai.google.dev/gemini-api/docs/batch-api
  batches: {
    api: "gemini-batches",
    kinds: ["chat", "embed"],
    rows: 100_000,
    bytes: 2_000_000_000,
    price: 0.5,
    windows: [24],
    webhook: true,
  },
  sites: ["ai.google.dev", "www.npmjs.com/package/@google/"],
  docs: [
    // The API.
    "https://ai.google.dev/gemini-api/docs/generate-content",
    // The models.
    "https://ai.google.dev/gemini-api/docs/models?hl=zh-cn",
    // The files.
    "https://ai.google.dev/tutorials/prompting_with_media?authuser=9",
    // GOOGLE_API_KEY and GEMINI_API_KEY, read on 2026-11-28.
    "https://www.npmjs.com/package/@google/genai",
    // Third party: GOOGLE_GENERATIVE_AI_API_KEY.
    "https://www.npmjs.com/package/@ai-sdk/google",
    // The default model of embeddings.
    "https://ai.google.dev/gemini-api/docs/embeddings",
    // Counts of tokens.
    "https://ai.google.dev/api/tokens",
    // Transcripts.
    "https://ai.google.dev/gemini-api/docs/audio",
    // Speech.
    "https://ai.google.dev/gemini-api/docs/speech-generation",
    // Pictures.
    "https://ai.google.dev/gemini-api/docs/image-generation",
  ],
} as const satisfies ProviderData;
