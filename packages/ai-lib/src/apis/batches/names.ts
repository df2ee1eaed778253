/** The names of the APIs of batches. */
export const BATCH_APIS = [
  "openai-batches",
  "together-batches",
  "anthropic-batches",
  "mistral-batches",
  "gemini-batches",
  "xai-batches",
  "bedrock-batches",
] as const;

/** The name of an API of batches. */
export type BatchApi = (typeof BATCH_APIS)[number];
