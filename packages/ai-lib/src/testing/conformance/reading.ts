import type { ChatStream } from "../../core/contract/stream.js";
import { toolCallOf } from "../../core/kinds/chat/tool-call.js";
import type { ChatEvent, PartHead, StreamEvent } from "../../core/values/chat-event.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import type { ContentPart } from "../../core/values/message.js";
import { expect } from "./expect.js";
import type { Subject } from "./subject.js";

/** Events after which a stream is taken for endless. */
const MOST_EVENTS = 200_000;

/** Everything that a stream gave, in order. */
export interface Reading {
  readonly events: readonly StreamEvent[];
  /** The response of the finish, or the content of the stream if there was none. */
  readonly response: ChatResponse;
}

/** Reads a stream to its end. @throws {ConformanceFailure} where it does not end. */
export async function read(subject: Subject, stream: ChatStream): Promise<Reading> {
  const events: StreamEvent[] = [];
  const iterator = stream[Symbol.asyncIterator]();
  for (;;) {
    const step = await subject.within(
      subject.options.answerMs,
      "the next event of the stream",
      iterator.next(),
    );
    if (step.done === true) break;
    events.push(step.value);
    expect(events.length < MOST_EVENTS, "the stream does not end");
  }
  const finish = events.findLast((event) => event.type === "finish");
  // That there is one is a case of its own; the others look at what the stream says of itself.
  const response =
    finish?.response ??
    (await subject.within(subject.options.answerMs, "the response of the stream", stream.response()));
  return { events, response };
}

interface Draft {
  readonly head: PartHead;
  text: string;
}

/**
 * The content rebuilt from deltas alone: what a reader who never looks at the finish has. Media parts come back with
 * their types alone, since pieces of base64 can be cut anywhere.
 */
export function rebuilt(events: readonly StreamEvent[]): readonly unknown[] {
  const drafts: (Draft | ContentPart | undefined)[] = [];
  for (const event of events) {
    if (event.type === "part-start") drafts[event.index] = { head: event.part, text: "" };
    else if (event.type === "part") drafts[event.index] = event.part;
    else if (isTextDelta(event)) {
      const draft = drafts[event.index];
      if (draft !== undefined && "head" in draft) draft.text += event.text;
    }
  }
  return drafts
    .filter((draft) => draft !== undefined)
    .map((draft) => bare("head" in draft ? partOf(draft) : draft));
}

function partOf({ head, text }: Draft): object {
  switch (head.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return { type: head.type, text };
    case "tool-call":
      return toolCallOf(head.id, head.name, text);
    case "audio":
    case "image":
      return { type: head.type };
    default: {
      const never: never = head;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** A part without the fields that deltas do not have. */
export function bare(part: object): unknown {
  const type: unknown = "type" in part ? part.type : undefined;
  if (type === "image" || type === "audio" || type === "file") return { type };
  const { origin, cache, extensions, logprobs, redacted, executedBy, ...rest } = part as Record<
    string,
    unknown
  >;
  return rest;
}

/** Whether an event adds text to a part. */
export function isTextDelta(
  event: StreamEvent,
): event is Extract<ChatEvent, { readonly text: string; readonly index: number }> {
  return (
    event.type === "text-delta" ||
    event.type === "reasoning-delta" ||
    event.type === "refusal-delta" ||
    event.type === "tool-call-delta"
  );
}
