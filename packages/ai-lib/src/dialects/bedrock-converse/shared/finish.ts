import type { FinishReason } from "../../../core/values/chat-response.js";

/** A `stopReason` in the library's words. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export function finishReasonOf(stopReason: string | undefined): FinishReason {
  switch (stopReason) {
    case "end_turn":
    case "stop_sequence":
      return "stop";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "tool_use":
      return "tool-calls";
    // A guardrail that only masked words ends in this too, and the answer is not the model's own.
    case "guardrail_intervened":
    case "content_filtered":
      return "content-filter";
    default:
      return "other";
  }
}

const SAID: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "content_filtered",
  other: "malformed_model_output",
};

/** The `stopReason` of an answer: its own where it came from this dialect, else the nearest. */
export function stopReasonOf(finish: FinishReason, raw: string | undefined): string {
  return raw !== undefined && finish !== "other" && finishReasonOf(raw) === finish ? raw : SAID[finish];
}
