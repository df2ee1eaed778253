import type { ChatEvent, PartHead } from "../../values/chat-event.js";
import type { ContentPart } from "../../values/message.js";

/** What has been delivered of one part. */
interface Delivered {
  readonly head: PartHead | ContentPart;
  text: string;
  ended: boolean;
}

/** A record of what the caller has been given, kept only where `midStream: "splice"` was asked for. */
export class DeliveredParts {
  private readonly parts: Delivered[] = [];

  /** Notes one delivered event. */
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

  /** A comparison of a new answer with what was delivered. */
  splicer(): Splicer {
    return new Splicer(this.parts.map((part) => ({ ...part })));
  }
}

/** Holds a new answer against a delivered one: silent while it repeats, then passing on the rest. */
export class Splicer {
  /** Characters of each part that the new answer has repeated. */
  private readonly repeated: number[] = [];

  constructor(private readonly delivered: readonly Delivered[]) {}

  /**
   * What of an event the caller has not had yet: the event, a shorter one, or nothing. `"differs"` where the new
   * answer is another.
   */
  rest(event: ChatEvent): ChatEvent | undefined | "differs" {
    if (!("index" in event)) return event.type === "warning" ? event : undefined;
    const before = this.delivered[event.index];
    if (before === undefined) return this.complete(event.index) ? event : "differs";
    switch (event.type) {
      case "part-start":
      case "part":
        this.repeated[event.index] = 0;
        return sameHead(before.head, event.part) ? undefined : "differs";
      case "part-end":
        if ((this.repeated[event.index] ?? 0) < before.text.length) return "differs";
        return before.ended ? undefined : event;
      case "media-delta":
        return "differs";
      default:
        return this.restOfText(event, before);
    }
  }

  /** Whether all that was delivered has been repeated. */
  complete(until = this.delivered.length): boolean {
    return this.delivered.every(
      (part, index) =>
        index >= until || (this.repeated[index] !== undefined && this.repeated[index] >= part.text.length),
    );
  }

  private restOfText(
    event: Extract<
      ChatEvent,
      { type: "text-delta" | "reasoning-delta" | "refusal-delta" | "tool-call-delta" }
    >,
    before: Delivered,
  ): ChatEvent | undefined | "differs" {
    const at = this.repeated[event.index] ?? 0;
    const left = before.text.length - at;
    if (left <= 0 && event.text === "") return undefined;
    const overlap = Math.min(left, event.text.length);
    if (overlap > 0 && !before.text.startsWith(event.text.slice(0, overlap), at)) return "differs";
    this.repeated[event.index] = at + event.text.length;
    if (event.text.length <= left) return undefined;
    if (before.ended || !this.complete(event.index)) return "differs";
    return left <= 0 ? event : { type: event.type, index: event.index, text: event.text.slice(left) };
  }
}

/** Opaque state differs from answer to answer although what can be seen is the same. */
function sameHead(a: PartHead | ContentPart, b: PartHead | ContentPart): boolean {
  return JSON.stringify({ ...a, origin: undefined }) === JSON.stringify({ ...b, origin: undefined });
}
