import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";

/**
 * The usage object of a served answer, with `estimated: true` where the answer's provider reported no usage: its
 * tokens were counted from the text, or are not known. SDKs keep or ignore a field that they do not know; no dialect has a word for it.
 */
export function markedUsage(
  usage: JsonObject,
  { usageStatus }: Pick<ChatResponse, "usageStatus">,
): JsonObject {
  return usageStatus === "estimated" || usageStatus === "unsupported" ? { ...usage, estimated: true } : usage;
}
