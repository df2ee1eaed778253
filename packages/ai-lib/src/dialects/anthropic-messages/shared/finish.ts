import type { FinishReason } from "../../../core/values/chat-response.js";

/**
 * The finish reason for a `stop_reason`. https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons.
 * `pause_turn` interrupts a long turn of server-side tools, which continues if the answer is sent back.
 */
export function finishReasonOf(stopReason: string | undefined): FinishReason {
  switch (stopReason) {
    case "end_turn":
    case "stop_sequence":
      return "stop";
    case "pause_turn":
      return "paused";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "tool_use":
      return "tool-calls";
    case "refusal":
      return "content-filter";
    default:
      return "other";
  }
}

const KNOWN = new Set([
  "end_turn",
  "stop_sequence",
  "pause_turn",
  "max_tokens",
  "model_context_window_exceeded",
  "tool_use",
  "refusal",
]);

/** The `stop_reason` of an answer: its raw one if it is of this dialect, else the nearest. */
export function stopReasonOf(finish: FinishReason, raw: string | undefined): string {
  if (raw !== undefined && finishReasonOf(raw) === finish && KNOWN.has(raw)) return raw;
  // Calls turn "stop" into "tool-calls" and the other way round, whatever the provider's own reason was.
  switch (finish) {
    case "stop":
    // Anthropic has no word for an unknown reason, and strict clients reject unknown words.
    case "other":
      return "end_turn";
    case "length":
      return "max_tokens";
    case "tool-calls":
      return "tool_use";
    case "content-filter":
      return "refusal";
    case "paused":
      return "pause_turn";
    default: {
      const never: never = finish;
      throw new TypeError(`Unknown finish reason ${String(never)}`);
    }
  }
}
