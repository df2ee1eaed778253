import type { ChatResponse, FinishReason } from "../../../core/values/chat-response.js";

/**
 * How a served answer ended, for dialects without a part for refusals: clients recognise a refusal by the reason alone,
 * since its text looks like any other.
 */
export function finishOfRefusal({
  finishReason,
  content,
}: Pick<ChatResponse, "finishReason" | "content">): FinishReason {
  return finishReason === "stop" && content.some(({ type }) => type === "refusal")
    ? "content-filter"
    : finishReason;
}
