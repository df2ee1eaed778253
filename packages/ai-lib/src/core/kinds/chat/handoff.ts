import type { ContentPart, Message } from "../../values/message.js";
import { mendHistory } from "./mend-history.js";

/** How {@link handoff} treats what another model thought. */
export interface HandoffOptions {
  /** `drop` leaves it out; `text` keeps what is readable as plain text. Default `drop`. */
  readonly reasoning?: "drop" | "text" | undefined;
}

/**
 * Makes a conversation ready to be continued by another model, whatever vendor it is of: no opaque state, no
 * redacted thinking, readable thinking left out or kept as text, and the repair of {@link mendHistory}. Providers
 * already leave out the state of others with a warning; this does it beforehand and without one.
 *
 * @example
 * await claude.chat({ messages: [...handoff(history, { reasoning: "text" }), { role: "user", content: "Go on" }] });
 */
export function handoff(messages: readonly Message[], options: HandoffOptions = {}): Message[] {
  const keep = options.reasoning === "text";
  const moved: Message[] = [];
  for (const message of mendHistory(messages)) {
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
  // What another vendor's own tools did is represented by its text.
  if ((part.type === "tool-call" || part.type === "tool-result") && part.executedBy !== undefined) return [];
  if (part.origin === undefined) return [part];
  const { origin: _state, ...rest } = part;
  return [rest as ContentPart];
}
