import type { ChatRequest } from "../../../core/values/chat-request.js";

/** A word of verbosity; undefined for anything else. https://platform.openai.com/docs/guides/latest-model */
export function asVerbosity(value: unknown): ChatRequest["verbosity"] {
  return value === "low" || value === "medium" || value === "high" ? value : undefined;
}
