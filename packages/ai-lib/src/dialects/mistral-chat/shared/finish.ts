import type { FinishReason } from "../../../core/values/chat-response.js";

/** https://docs.mistral.ai/api/endpoint/chat; `content_filter` for gateways that moderate. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  // The conversation filled the model's context window.
  model_length: "length",
  tool_calls: "tool-calls",
  content_filter: "content-filter",
  // Anthropic's word, for gateways that pass it on.
  pause_turn: "paused",
};

/** The contract's word for Mistral's `finish_reason`. */
export function finishOf(word: string): FinishReason {
  return Object.hasOwn(REASONS, word) ? (REASONS[word] ?? "other") : "other";
}

/** Mistral's word for an answer that failed midway. */
export const BROKEN = "error";

/** Mistral's word for a finish reason: the provider's own word if Mistral uses it for the same. */
export function finishWord(reason: FinishReason, raw: string | undefined): string {
  if (raw === "model_length" && reason === "length") return raw;
  switch (reason) {
    case "stop":
    // Mistral has no word for an unknown reason.
    case "other":
      return "stop";
    case "length":
    // It has no word for a pause either. This one also says that the answer is incomplete.
    case "paused":
      return "length";
    case "tool-calls":
      return "tool_calls";
    case "content-filter":
      return "content_filter";
    default: {
      const never: never = reason;
      throw new TypeError(`Unknown finish reason ${String(never)}`);
    }
  }
}
