import fc from "fast-check";
import { replayEvents } from "../../../src/core/kinds/chat/replay.js";
import type { ChatEvent, PartHead } from "../../../src/core/values/chat-event.js";
import type { ChatResponse } from "../../../src/core/values/chat-response.js";
import type { ContentPart } from "../../../src/core/values/message.js";

/** An answer and one of the streams that tell it. */
export interface Told {
  readonly response: ChatResponse;
  readonly events: readonly ChatEvent[];
}

/**
 * Streams that tell an answer: every delta cut anywhere, media in pieces, empty deltas and warnings in between.
 * @param interleaved calls that follow each other are told at the same time, as parallel calls are.
 */
export function streamOf(answers: fc.Arbitrary<ChatResponse>, interleaved = false): fc.Arbitrary<Told> {
  return fc.tuple(answers, fc.infiniteStream(fc.nat(0xffff))).map(([response, random]) => {
    const below = (limit: number): number => (random.next().value ?? 0) % Math.max(1, limit);
    const [start, ...whole] = replayEvents(response.content, { ...response, provider: response.provider });
    const parts = new Map<number, ChatEvent[]>();
    const texts = new Set<number>();
    response.content.forEach((part, i) => {
      if (part.type === "tool-call" && part.argumentsText !== undefined && below(2) === 0) texts.add(i);
    });
    for (const one of whole) {
      if (!("index" in one)) continue;
      const event = texts.has(one.index) ? asCutInput(one) : one;
      const told = parts.get(event.index) ?? [];
      parts.set(event.index, [...told, ...pieces(event, below)]);
    }
    const { inputTokens } = response.usage;
    const known = below(2) === 0 ? { usage: { inputTokens, outputTokens: 0 } } : {};
    const events: ChatEvent[] = start?.type === "start" ? [{ ...start, ...known }] : [];
    if (below(2) === 0) events.push({ type: "usage", usage: { inputTokens, outputTokens: 0 } });
    const rest = response.warnings.map((warning): ChatEvent => ({ type: "warning", warning }));
    const queues = [...parts.values()];
    while (queues.length > 0) {
      const at = interleaved ? below(together(queues)) : 0;
      const event = queues[at]?.shift();
      if (event === undefined) queues.splice(at, 1);
      else events.push(event);
      if (below(8) === 0) events.push(...rest.splice(0, 1));
    }
    return { response, events: [...events, ...rest] };
  });
}

/** An event of a call that was cut, as one of the call of a text tool. */
function asCutInput<E extends ChatEvent>(event: E): E {
  if (event.type === "part-end") return { ...event, cut: true };
  if (event.type !== "part-start" || event.part.type !== "tool-call") return event;
  return { ...event, part: { ...event.part, inputEncoding: "text" } };
}

/** How many of the next parts are told at the same time: calls that follow each other, begun in their order. */
function together(queues: readonly (readonly ChatEvent[])[]): number {
  const begun = queues.findIndex(([first]) => first?.type === "part-start" || first?.type === "part");
  const other = queues.findIndex((queue) => !queue.some((event) => event.type === "tool-call-delta"));
  return Math.max(1, Math.min(begun < 0 ? queues.length : begun + 1, other < 0 ? queues.length : other));
}

/** One event as several. */
function pieces(event: ChatEvent, below: (limit: number) => number): ChatEvent[] {
  if (event.type === "part") return media(event.index, event.part, below) ?? [event];
  if (!("text" in event) || event.logprobs !== undefined) return [event];
  const events: ChatEvent[] = [];
  for (let at = 0; at < event.text.length; ) {
    const length = 1 + below(5);
    events.push({ ...event, text: event.text.slice(at, at + length) });
    if (below(6) === 0) events.push({ ...event, text: "" });
    at += length;
  }
  return events.length === 0 ? [event] : events;
}

/** Sound and pictures may come piece by piece, where a part's head and deltas can say all of it. */
function media(index: number, part: ContentPart, below: (limit: number) => number): ChatEvent[] | undefined {
  if (part.type !== "audio" && part.type !== "image") return undefined;
  const plain = part.cache === undefined && part.extensions === undefined && below(2) === 0;
  if (!plain || part.data === undefined || part.mediaType === undefined) return undefined;
  if (part.type === "image" && part.detail !== undefined) return undefined;
  const { mediaType, data } = part;
  const head: PartHead = part.type === "audio" ? { type: "audio", mediaType } : { type: "image", mediaType };
  const bytes = Buffer.from(data, "base64");
  const cut = below(bytes.length);
  const transcript = part.type === "audio" ? part.transcript : undefined;
  const origin = part.origin === undefined ? {} : { origin: part.origin };
  const events: ChatEvent[] = [{ type: "part-start", index, part: head, ...origin }];
  for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)])
    if (piece.length > 0) events.push({ type: "media-delta", index, data: piece.toString("base64") });
  if (transcript !== undefined) events.push({ type: "media-delta", index, transcript });
  events.push({ type: "part-end", index, ...origin });
  return events;
}
