/** The version of the API that this dialect is written for: the `anthropic-version` header. */
export const API_VERSION = "2023-06-01";

/** Vertex's name of that version: the `anthropic_version` field. */
export const VERTEX_VERSION = "vertex-2023-10-16";
