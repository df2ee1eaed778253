import type { EmbedPurpose } from "../../../core/values/embedding.js";

/** What a vector is for, in Google's words: https://ai.google.dev/api/embeddings#tasktype */
export const TASK_TYPES: Readonly<Record<EmbedPurpose, string>> = {
  query: "RETRIEVAL_QUERY",
  document: "RETRIEVAL_DOCUMENT",
  similarity: "SEMANTIC_SIMILARITY",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
};
