import type { FinishReason } from "../../../core/values/chat-response.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

/** The finish reason for a `stopReason`. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export function finishReasonOf(stopReason: string | undefined): FinishReason {
  switch (stopReason) {
    case "end_turn":
    case "stop_sequence":
      return "stop";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "tool_use":
    // An answer with this reason counts only if it has a call: see `failureOf`.
    case "malformed_model_output":
    case "malformed_tool_use":
      return "tool-calls";
    // A guardrail that only masked words ends in this as well: the answer is not the model's own.
    case "guardrail_intervened":
    case "content_filtered":
      return "content-filter";
    default:
      return "other";
  }
}

const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "content_filtered",
  // The API has no word for it. This one also says that the answer is incomplete.
  paused: "max_tokens",
  // The API has no word for an unknown reason, and strict clients reject unknown words.
  other: "end_turn",
};

/** The error code for a `stopReason` that means a failure; undefined for any other. */
export function failureOf(stopReason: string | undefined): ErrorCode | undefined {
  switch (stopReason) {
    // The model wrote what the API could not read. Another attempt can help.
    case "malformed_model_output":
    case "malformed_tool_use":
      return "INVALID_RESPONSE";
    default:
      return undefined;
  }
}

/** The `stopReason` of an answer: its raw one if it is of this dialect, else the nearest. */
export function stopReasonOf(finish: FinishReason, raw: string | undefined): string {
  return raw !== undefined && finish !== "other" && finishReasonOf(raw) === finish
    ? raw
    : STOP_REASONS[finish];
}
