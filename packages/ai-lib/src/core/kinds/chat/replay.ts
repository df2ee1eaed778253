import type { ChatEvent } from "../../values/chat-event.js";
import type { EndFacts } from "../../values/chat-response.js";
import type { ContentPart } from "../../values/message.js";

/**
 * The events of a complete reply: for a provider that answers a stream request without streaming, and for servers that
 * stream a whole answer.
 */
export function replayEvents(
  content: readonly ContentPart[],
  facts: Pick<EndFacts, "id" | "model"> & { readonly provider?: string },
): ChatEvent[] {
  const events: ChatEvent[] = [
    {
      type: "start",
      ...(facts.id === undefined ? {} : { id: facts.id }),
      ...(facts.model === undefined ? {} : { model: facts.model }),
      ...(facts.provider === undefined ? {} : { provider: facts.provider }),
    },
  ];
  content.forEach((part, index) => {
    pushPart(events, part, index);
  });
  return events;
}

function pushPart(events: ChatEvent[], part: ContentPart, index: number): void {
  const state = part.origin === undefined ? {} : { origin: part.origin };
  const end: ChatEvent = { type: "part-end", index, ...state };
  // A delta has no place for marks and vendor fields, so a part with some is one event.
  const plain = part.cache === undefined && part.extensions === undefined;
  if (plain && part.type === "text") {
    const logprobs = part.logprobs === undefined ? {} : { logprobs: part.logprobs };
    const phase = part.phase === undefined ? {} : { phase: part.phase };
    events.push({ type: "part-start", index, part: { type: "text", ...phase }, ...state });
    if (part.text !== "" || part.logprobs !== undefined)
      events.push({ type: "text-delta", index, text: part.text, ...logprobs });
    events.push(end);
  } else if (plain && part.type === "reasoning") {
    const redacted = part.redacted === undefined ? {} : { redacted: part.redacted };
    events.push({ type: "part-start", index, part: { type: "reasoning", ...redacted }, ...state });
    if (part.text !== "") events.push({ type: "reasoning-delta", index, text: part.text });
    events.push(end);
  } else if (plain && part.type === "refusal") {
    events.push({ type: "part-start", index, part: { type: "refusal" }, ...state });
    if (part.text !== "") events.push({ type: "refusal-delta", index, text: part.text });
    events.push(end);
  } else if (plain && part.type === "tool-call") {
    const executedBy = part.executedBy === undefined ? {} : { executedBy: part.executedBy };
    const encoding = part.input === undefined ? {} : { inputEncoding: "text" as const };
    events.push({
      type: "part-start",
      index,
      part: { type: "tool-call", id: part.id, name: part.name, ...encoding, ...executedBy },
      ...state,
    });
    const text = part.input ?? part.argumentsText ?? JSON.stringify(part.arguments ?? {});
    if (text !== "") events.push({ type: "tool-call-delta", index, text });
    events.push(end);
  } else {
    events.push({ type: "part", index, part });
  }
}
