/**
 * The APIs of file stores: `openai` is spoken by many, `openai-uploads` is the same with uploads in parts, `gemini` uploads
 * by Google's resumable protocol.
 */
export const FILE_APIS = ["openai", "openai-uploads", "anthropic", "gemini", "mistral", "together"] as const;

/** The API of a file store. */
export type FileApi = (typeof FILE_APIS)[number];
