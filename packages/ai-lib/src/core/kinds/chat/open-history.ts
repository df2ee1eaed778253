import type { Warning } from "../../values/answer.js";
import type { ChatRequest } from "../../values/chat-request.js";
import type { Message } from "../../values/message.js";
import { isBlank } from "./repair-history.js";

/** The text of the user's turn that is inserted before a first turn of the model. */
const OPENING = "Begin.";

/**
 * The messages of a request with a user's turn before the model's first, for targets whose conversations must begin
 * with one. A shortened history often begins with the model's turn. Returns the same array if nothing changes.
 * @param warnings receives a warning about the turn.
 */
export function openHistory(
  messages: readonly Message[],
  { continues }: ChatRequest,
  warnings: Warning[],
): readonly Message[] {
  // Vendors that refuse blank text do not count a blank turn of the user.
  const first = messages.findIndex((message) => message.role !== "system" && !isBlank(message));
  if (messages[first]?.role !== "assistant" || continues !== undefined) return messages;
  const field = `messages.${first}`;
  const what = "a turn of the user precedes it, which must come first";
  warnings.push({ code: "other", field, message: `The history was repaired at "${field}": ${what}` });
  return [...messages.slice(0, first), { role: "user", content: OPENING }, ...messages.slice(first)];
}
