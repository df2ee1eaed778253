import type { Message, ToolResultPart } from "../../../core/values/message.js";

/** Adds a message to a conversation that is decoded. Consecutive results of tools become one message. */
export function addMessage(messages: Message[], message: Message): void {
  const last = messages.at(-1);
  if (message.role !== "tool" || last?.role !== "tool") {
    messages.push(message);
    return;
  }
  // The decoder made both messages, so nothing else refers to their contents.
  const results = last.content as ToolResultPart[];
  for (const result of message.content) results.push(result);
}
