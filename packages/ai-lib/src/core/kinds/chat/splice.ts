import type { ChatEvent, PartHead } from "../../values/chat-event.js";
import type { ChatRequest } from "../../values/chat-request.js";
import type { ChatResponse } from "../../values/chat-response.js";
import type { ContentPart } from "../../values/message.js";
import type { DeliveredContent, Splice } from "../laws.js";
import { Continuation, requestRest } from "./continuation.js";
import { withContent } from "./fold.js";

/** The delivered content of one part. */
export interface DeliveredPart {
  readonly head: PartHead | ContentPart;
  text: string;
  ended: boolean;
}

/** A record of what the caller has received, for `midStream: "splice"` and `"continue"`. */
export class DeliveredParts implements DeliveredContent<"chat"> {
  private readonly parts: DeliveredPart[] = [];

  constructor(private readonly request: ChatRequest) {}

  /** Records one delivered event. */
  add(event: ChatEvent): void {
    if (event.type === "part-start" || event.type === "part") {
      this.parts[event.index] = { head: event.part, text: "", ended: event.type === "part" };
    } else if ("index" in event) {
      const part = this.parts[event.index];
      if (part === undefined) return;
      if (event.type === "part-end") part.ended = true;
      else if (event.type === "media-delta") part.text += `${event.data ?? ""}\n${event.transcript ?? ""}\n`;
      else part.text += event.text;
    }
  }

  splicer(): Splicer {
    return new Splicer(this.copy());
  }

  requestRest(request: ChatRequest): ChatRequest | undefined {
    return requestRest(request, this.parts);
  }

  continuation(): Continuation {
    return new Continuation(this.request, this.copy());
  }

  private copy(): DeliveredPart[] {
    return this.parts.map((part) => ({ ...part }));
  }
}

const NONE: readonly ChatEvent[] = [];

/** Compares a new answer with the delivered one: it emits nothing while the new answer repeats that, then the rest. */
export class Splicer implements Splice<"chat"> {
  /** Characters of each part that the new answer has repeated. */
  private readonly repeated: number[] = [];
  /** Ids of delivered tool calls, by those of the new answer: vendors make one up for every answer. */
  private readonly callIds = new Map<string, string>();

  constructor(private readonly delivered: readonly DeliveredPart[]) {}

  rest(event: ChatEvent): readonly ChatEvent[] | "differs" {
    if (!("index" in event)) return event.type === "warning" || event.type === "usage" ? [event] : NONE;
    const before = this.delivered[event.index];
    if (before === undefined) return this.complete(event.index) ? [event] : "differs";
    switch (event.type) {
      case "part-start":
      case "part":
        this.repeated[event.index] = 0;
        this.noteCall(before.head, event.part);
        return sameHead(before.head, event.part) ? NONE : "differs";
      case "part-end":
        if ((this.repeated[event.index] ?? 0) < before.text.length) return "differs";
        return before.ended ? NONE : [event];
      case "media-delta":
        return "differs";
      default:
        return this.restOfText(event, before);
    }
  }

  complete(until = this.delivered.length): boolean {
    return this.delivered.every(
      (part, index) =>
        index >= until || (this.repeated[index] !== undefined && this.repeated[index] >= part.text.length),
    );
  }

  closing(): readonly ChatEvent[] {
    return NONE;
  }

  /** With the ids of calls that the caller has received. */
  respond(response: ChatResponse): ChatResponse {
    if (this.callIds.size === 0) return response;
    const content = response.content.map((part) =>
      part.type === "tool-call" ? { ...part, id: this.callIds.get(part.id) ?? part.id } : part,
    );
    return withContent(response, content);
  }

  private noteCall(before: PartHead | ContentPart, now: PartHead | ContentPart): void {
    if (before.type === "tool-call" && now.type === "tool-call" && before.id !== now.id)
      this.callIds.set(now.id, before.id);
  }

  private restOfText(
    event: Extract<
      ChatEvent,
      { type: "text-delta" | "reasoning-delta" | "refusal-delta" | "tool-call-delta" }
    >,
    before: DeliveredPart,
  ): readonly ChatEvent[] | "differs" {
    const at = this.repeated[event.index] ?? 0;
    const left = before.text.length - at;
    if (left <= 0 && event.text === "") return NONE;
    const overlap = Math.min(left, event.text.length);
    if (overlap > 0 && !before.text.startsWith(event.text.slice(0, overlap), at)) return "differs";
    this.repeated[event.index] = at + event.text.length;
    if (event.text.length <= left) return NONE;
    if (before.ended || !this.complete(event.index)) return "differs";
    return [left <= 0 ? event : { type: event.type, index: event.index, text: event.text.slice(left) }];
  }
}

/** Opaque state and ids of calls differ from answer to answer even if the content is the same. */
function sameHead(a: PartHead | ContentPart, b: PartHead | ContentPart): boolean {
  return visible(a) === visible(b);
}

function visible(part: PartHead | ContentPart): string {
  return JSON.stringify({ ...part, origin: undefined, ...(part.type === "tool-call" ? { id: "" } : {}) });
}
