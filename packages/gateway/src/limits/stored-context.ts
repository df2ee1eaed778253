import type { ChatRequest } from "ai-lib";

/**
 * Fields of vendors that name a context that the vendor stores: `conversation` and `prompt` of OpenAI's responses
 * (https://platform.openai.com/docs/api-reference/responses/create) and `cachedContent` of Gemini
 * (https://ai.google.dev/api/generate-content), also in snake case, and the variables of a prompt of Bedrock
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html).
 */
const FIELDS = [
  ...["conversation", "prompt", "previous_response_id", "cachedContent", "cached_content"],
  "promptVariables",
];

/** Whether the prompt of a chat has a part that the vendor stores, so that the request does not show its size. */
export function hasStoredContext({ continues, extensions }: ChatRequest): boolean {
  if (continues !== undefined) return true;
  if (extensions === undefined) return false;
  for (const name in extensions) {
    const fields = extensions[name];
    if (fields !== undefined && FIELDS.some((field) => (fields[field] ?? undefined) !== undefined))
      return true;
  }
  return false;
}
