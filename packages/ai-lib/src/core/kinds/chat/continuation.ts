import type { ChatEvent } from "../../values/chat-event.js";
import type { ChatRequest } from "../../values/chat-request.js";
import type { ChatResponse } from "../../values/chat-response.js";
import type { AssistantMessage, ContentPart } from "../../values/message.js";
import type { Splice } from "../laws.js";
import { draftOf, partOfDraft, withContent } from "./fold.js";
import { TextJoin } from "./text-join.js";

/** The delivered content of one part. */
interface Part {
  readonly head: ContentPart | Parameters<typeof draftOf>[0];
  readonly text: string;
  readonly ended: boolean;
}

/**
 * The request for the rest of an answer: an assistant message with its text so far ends it. Undefined where more than
 * text and reasoning was delivered, such as a tool call, or no text at all.
 */
export function requestRest(request: ChatRequest, parts: readonly Part[]): ChatRequest | undefined {
  if (!parts.every(({ head: { type } }) => type === "text" || type === "reasoning")) return undefined;
  const text = textOf(parts);
  if (text.trim() === "") return undefined;
  const { messages } = request;
  const last = messages.at(-1);
  const begun = last?.role === "assistant" ? contentOf(last) : [];
  const before = last?.role === "assistant" ? messages.slice(0, -1) : messages;
  const content = [...begun, { type: "text" as const, text }];
  const plain = content.every((part) => part.type === "text");
  // Claude refuses white space at the end of a prefill; the join puts it back.
  const message: AssistantMessage = {
    role: "assistant",
    content: plain
      ? content
          .map((part) => part.text)
          .join("")
          .trimEnd()
      : content,
  };
  return { ...request, messages: [...before, message] };
}

function contentOf({ content }: AssistantMessage): readonly ContentPart[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function textOf(parts: readonly Part[]): string {
  return parts.map(({ head, text }) => (head.type === "text" ? text : "")).join("");
}

const NONE: readonly ChatEvent[] = [];

/**
 * Joins the rest of an answer to the delivered content. Its first text continues the open text part; reasoning before
 * that is discarded, and all other parts follow.
 */
export class Continuation implements Splice<"chat"> {
  /** Indexes of the caller's answer, by those of the rest; undefined for a part that is discarded. */
  private readonly indexes = new Map<number, number | undefined>();
  private next: number;
  /** The open text part of the caller's answer. */
  private open: number | undefined;
  private readonly join: TextJoin;
  /** The part of the rest whose text is joined. */
  private joined: number | undefined;
  /** The delivered text that the rest continues. */
  private added = "";
  private ended = false;

  /** @param parts what was delivered */
  constructor(
    request: ChatRequest,
    private readonly parts: readonly Part[],
  ) {
    this.next = parts.length;
    const last = parts.length - 1;
    this.open = parts[last]?.head.type === "text" && parts[last]?.ended === false ? last : undefined;
    const asked = request.messages.at(-1);
    const begun = asked?.role === "assistant" ? contentOf(asked) : [];
    const prefix = begun.map((part) => (part.type === "text" ? part.text : "")).join("");
    this.join = new TextJoin(prefix + textOf(parts));
  }

  rest(event: ChatEvent): readonly ChatEvent[] {
    if (!("index" in event)) return event.type === "start" ? NONE : [event];
    if (event.type === "part-start" || event.type === "part") return this.begin(event);
    const index = this.indexes.get(event.index);
    if (index === undefined) return NONE;
    if (event.index !== this.joined) return [{ ...event, index }];
    if (event.type === "text-delta") {
      const text = this.join.push(event.text);
      this.added += text;
      return text === ""
        ? NONE
        : [text === event.text ? { ...event, index } : { type: "text-delta", index, text }];
    }
    if (event.type !== "part-end") return [{ ...event, index }];
    this.ended = true;
    return [...this.flush(index), { ...event, index }];
  }

  complete(): boolean {
    return true;
  }

  closing(): readonly ChatEvent[] {
    const { joined, open } = this;
    const index = joined === undefined ? open : this.indexes.get(joined);
    if (index === undefined || this.ended) return NONE;
    this.ended = true;
    return [...this.flush(index), { type: "part-end", index }];
  }

  /** The delivered parts, then those of the rest, with its first text joined. */
  respond(response: ChatResponse): ChatResponse {
    const content = this.parts.map(({ head, text }, index) =>
      "text" in head || !isHead(head)
        ? (head as ContentPart)
        : partOfDraft(
            { ...draftOf(head, index === this.joinedInto ? text + this.added : text), ended: true },
            false,
          ),
    );
    response.content.forEach((part, index) => {
      if (!this.indexes.has(index) || this.indexes.get(index) === undefined) return;
      if (index !== this.joined) content.push(part);
      else if (this.joinedInto === undefined) content.push({ type: "text", text: this.added });
    });
    return withContent(response, content);
  }

  /** The delivered part that the rest continues. */
  private get joinedInto(): number | undefined {
    const index = this.joined === undefined ? undefined : this.indexes.get(this.joined);
    return index !== undefined && index < this.parts.length ? index : undefined;
  }

  private begin(event: Extract<ChatEvent, { type: "part-start" | "part" }>): readonly ChatEvent[] {
    const { type } = event.part;
    if (this.joined === undefined && type === "reasoning") {
      this.indexes.set(event.index, undefined);
      return NONE;
    }
    if (this.joined === undefined && event.type === "part-start" && type === "text") {
      this.joined = event.index;
      if (this.open !== undefined) {
        this.indexes.set(event.index, this.open);
        return NONE;
      }
    }
    const index = this.next++;
    this.indexes.set(event.index, index);
    return [{ ...event, index }];
  }

  private flush(index: number): readonly ChatEvent[] {
    const text = this.join.flush();
    this.added += text;
    return text === "" ? NONE : [{ type: "text-delta", index, text }];
  }
}

function isHead(head: Part["head"]): head is Parameters<typeof draftOf>[0] {
  return !("text" in head);
}
