/** The names of the APIs that belong to no dialect, by kind of call. */
export const KIND_APIS = {
  embed: [
    "voyage-embeddings",
    "jina-embeddings",
    "perplexity-embeddings",
    "vertex-embeddings",
    "hf-feature-extraction",
  ],
  rerank: ["cohere-rerank", "voyage-rerank", "bedrock-rerank"],
  transcribe: [
    "deepgram-listen",
    "elevenlabs-transcription",
    "cartesia-transcription",
    "cohere-transcription",
    "xai-transcription",
    "hf-transcription",
    "openai-transcription",
    "assemblyai-transcription",
    "gladia-transcription",
    "revai-transcription",
    "fal-transcription",
  ],
  speak: ["deepgram-speak", "elevenlabs-speak", "cartesia-speak", "xai-speak", "replicate-speak"],
  image: ["xai-images", "openrouter-images", "bfl-images", "fal-images", "replicate-images"],
  moderate: ["azure-content-safety"],
  countTokens: ["openai-input-tokens"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The names of the APIs of a kind that belong to no dialect. */
export type KindApi = (typeof KIND_APIS)[keyof typeof KIND_APIS][number];
