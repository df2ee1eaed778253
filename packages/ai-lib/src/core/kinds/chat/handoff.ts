import type { ContentPart, Message } from "../../values/message.js";
import { repairHistory } from "./repair-history.js";

/** How {@link handoff} treats the thinking of another model. */
export interface HandoffOptions {
  /** `drop` leaves it out; `text` turns readable thinking into plain text. Default `drop`. */
  readonly reasoning?: "drop" | "text" | undefined;
}

/**
 * Prepares a conversation for a model of any other vendor: it removes opaque state and redacted thinking, leaves
 * readable thinking out or turns it into text, and repairs the history as {@link repairHistory} does. Providers leave out
 * the state of others in any case, with a warning; this function does it beforehand, without a warning.
 *
 * @example
 * await claude.chat({ messages: [...handoff(history, { reasoning: "text" }), { role: "user", content: "Go on" }] });
 */
export function handoff(messages: readonly Message[], options: HandoffOptions = {}): Message[] {
  const keep = options.reasoning === "text";
  const moved: Message[] = [];
  for (const message of repairHistory(messages)) {
    if (message.role !== "assistant" || typeof message.content === "string") {
      moved.push(message);
      continue;
    }
    const content = message.content.flatMap((part) => plain(part, keep));
    if (content.length > 0) moved.push({ ...message, content });
  }
  return moved;
}

function plain(part: ContentPart, keepReasoning: boolean): ContentPart[] {
  if (part.type === "reasoning")
    return keepReasoning && part.text !== "" ? [{ type: "text", text: part.text }] : [];
  // The history has the turns that it represents.
  if (part.type === "compaction") return [];
  // Results of another vendor's own tools are represented by their text.
  if ((part.type === "tool-call" || part.type === "tool-result") && part.executedBy !== undefined) return [];
  if (part.origin === undefined) return [part];
  const { origin: _state, ...rest } = part;
  return [rest as ContentPart];
}
