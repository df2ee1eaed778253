import type { EmbedFormat, EmbedPurpose, EmbedRequest } from "../../../core/values/embedding.js";

/** What a vector is for, in Cohere's words: https://docs.cohere.com/v2/reference/embed#request.body.input_type */
export const INPUT_TYPES: Readonly<Record<EmbedPurpose, string>> = {
  query: "search_query",
  document: "search_document",
  classification: "classification",
  clustering: "clustering",
  // There is no word for comparing equals; Cohere's examples of clustering compare so.
  similarity: "clustering",
};

/** Cohere's words for what happens to an input that is too long. */
export const TRUNCATIONS: Readonly<Record<NonNullable<EmbedRequest["truncate"]>, string>> = {
  none: "NONE",
  end: "END",
  start: "START",
};

/** The formats that Cohere returns vectors in, besides base64. */
export const FORMATS: readonly EmbedFormat[] = ["float", "int8", "uint8", "binary", "ubinary"];
