import type { FinishReason } from "../../../core/values/chat-response.js";
import { asString } from "../../../core/values/json.js";

/**
 * A `done_reason`. Servers before 0.1.38 send none; `load` and `unload` answer requests without messages. Calls
 * end in `stop` too.
 */
export function finishOf(value: unknown): {
  readonly reason: FinishReason;
  readonly raw: string | undefined;
} {
  const raw = asString(value);
  switch (raw) {
    case undefined:
    case "":
    case "stop":
    case "tool_calls":
      return { reason: "stop", raw };
    case "length":
      return { reason: "length", raw };
    // Ollama has no such reasons; servers of this library do.
    case "content-filter":
    case "paused":
      return { reason: raw, raw };
    default:
      return { reason: "other", raw };
  }
}

/** A finish reason on the wire. */
export function encodeFinish(reason: FinishReason): string {
  switch (reason) {
    case "stop":
    case "tool-calls":
    // Ollama has no word for an unknown reason.
    case "other":
      return "stop";
    case "length":
    // It has no word for a pause either. This one also says that the answer is incomplete.
    case "paused":
      return "length";
    case "content-filter":
      return reason;
    default: {
      const never: never = reason;
      throw new TypeError(`Unknown finish reason ${String(never)}`);
    }
  }
}
