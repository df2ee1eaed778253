import type { ChatRequest } from "../../values/chat-request.js";
import { partsOf } from "../../values/message.js";

/**
 * The text at a prompt's head, up to the end of its first user message and at most `limit` characters: it does not
 * change from turn to turn of a conversation, so calls with the same prefix can share a provider's cache.
 */
export function promptPrefix(request: ChatRequest, limit: number): string {
  let prefix = "";
  for (const message of request.messages) {
    prefix += `${message.role}\n`;
    for (const part of partsOf(message)) prefix += "text" in part ? `${part.text}\n` : `${part.type}\n`;
    if (prefix.length >= limit) return prefix.slice(0, limit);
    if (message.role === "user") return prefix;
  }
  return prefix;
}
