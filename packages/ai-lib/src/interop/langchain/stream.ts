import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { AIMessageChunk, type ContentBlock } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import type { StreamEvent } from "../../core/values/chat-event.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import { isObject, tryParse } from "../../core/values/json.js";
import { blockOf, finishWord, responseMetadata, usageMetadata } from "./write-message.js";

/**
 * The events of an answer as chunks, the older form of LangChain's streams. Text is a string until another kind of part
 * arrives; from then on, blocks preserve the order.
 */
export class ChunkWriter {
  private plain = true;

  /** The chunk that an event becomes, if any. */
  write(event: StreamEvent): ChatGenerationChunk | undefined {
    switch (event.type) {
      case "text-delta":
        return chunk(
          event.text,
          this.plain ? event.text : [{ type: "text", text: event.text, index: event.index }],
        );
      case "reasoning-delta":
        this.plain = false;
        return chunk("", [{ type: "reasoning", reasoning: event.text, index: event.index }]);
      case "refusal-delta":
        this.plain = false;
        return chunk("", [{ type: "refusal", refusal: event.text, index: event.index }]);
      case "part-start": {
        const { part, index } = event;
        if (part.type !== "tool-call" || part.executedBy !== undefined) return undefined;
        return calls({ type: "tool_call_chunk", id: part.id, name: part.name, args: "", index });
      }
      case "tool-call-delta":
        return calls({ type: "tool_call_chunk", args: event.text, index: event.index });
      case "part": {
        const block = event.part.type === "tool-call" ? undefined : blockOf(event.part);
        if (block === undefined) return undefined;
        this.plain = false;
        return chunk("", [{ ...block, index: event.index }]);
      }
      case "finish":
        return this.finish(event.response);
      case "start":
      case "part-end":
      case "media-delta":
      case "usage":
      case "warning":
      case "ping":
      case "restart":
        return undefined;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  private finish(response: ChatResponse): ChatGenerationChunk {
    return new ChatGenerationChunk({
      text: "",
      message: new AIMessageChunk({
        id: response.id,
        content: "",
        usage_metadata: usageMetadata(response.usage) as never,
        response_metadata: responseMetadata(response),
      }),
    });
  }
}

type ToolCallChunk = NonNullable<AIMessageChunk["tool_call_chunks"]>[number];

function calls(call: ToolCallChunk): ChatGenerationChunk {
  return new ChatGenerationChunk({
    text: "",
    message: new AIMessageChunk({ content: "", tool_call_chunks: [call] }),
  });
}

function chunk(text: string, content: string | ContentBlock[]): ChatGenerationChunk {
  return new ChatGenerationChunk({ text, message: new AIMessageChunk({ content }) });
}

/** The events of an answer as those of LangChain's newest protocol. */
export class EventWriter {
  /** The text so far of each open part. */
  private readonly open = new Map<
    number,
    { readonly type: string; readonly fields: Record<string, unknown>; text: string }
  >();

  /** The events that an event becomes are added to `events`. */
  write(event: StreamEvent, events: ChatModelStreamEvent[]): void {
    switch (event.type) {
      case "start": {
        const { id, usage } = event;
        events.push({
          event: "message-start",
          ...(id !== undefined && { id }),
          ...(usage !== undefined && { usage: usageMetadata(usage) }),
        });
        return;
      }
      case "usage":
        events.push({ event: "usage", usage: usageMetadata(event.usage) });
        return;
      case "part-start":
        this.begin(event, events);
        return;
      case "text-delta":
        this.add(event, events, { type: "text-delta", text: event.text });
        return;
      case "reasoning-delta":
        this.add(event, events, { type: "reasoning-delta", reasoning: event.text });
        return;
      case "tool-call-delta":
        this.add(event, events, { type: "tool-call-delta", args: event.text });
        return;
      case "refusal-delta": {
        const open = this.open.get(event.index);
        const refusal = (open?.text ?? "") + event.text;
        this.add(event, events, { type: "block-delta", fields: { type: "refusal", refusal } });
        return;
      }
      case "part-end":
        this.end(event.index, events);
        return;
      case "part": {
        const content = blockOf(event.part);
        if (content === undefined) return;
        const { index } = event;
        events.push({ event: "content-block-start", index, content });
        events.push({ event: "content-block-finish", index, content });
        return;
      }
      case "finish":
        this.finish(event.response, events);
        return;
      case "media-delta":
      case "warning":
      case "ping":
      case "restart":
        return;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  private begin(
    { part, index }: StreamEvent & { readonly type: "part-start" },
    events: ChatModelStreamEvent[],
  ): void {
    switch (part.type) {
      case "text":
        this.open.set(index, { type: "text", fields: {}, text: "" });
        events.push({ event: "content-block-start", index, content: { type: "text", text: "" } });
        return;
      case "reasoning":
        this.open.set(index, { type: "reasoning", fields: {}, text: "" });
        events.push({ event: "content-block-start", index, content: { type: "reasoning", reasoning: "" } });
        return;
      case "refusal":
        this.open.set(index, { type: "refusal", fields: {}, text: "" });
        events.push({ event: "content-block-start", index, content: { type: "refusal", refusal: "" } });
        return;
      case "tool-call": {
        const type = part.executedBy === undefined ? "tool_call" : "server_tool_call";
        const fields = { id: part.id, name: part.name };
        this.open.set(index, { type, fields, text: "" });
        events.push({
          event: "content-block-start",
          index,
          content: { type: `${type}_chunk`, ...fields, args: "", index },
        });
        return;
      }
      case "audio":
      case "image":
        // Its bytes are complete only in the response: see `finish`.
        return;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private add(
    { index, text }: { readonly index: number; readonly text: string },
    events: ChatModelStreamEvent[],
    delta: (ChatModelStreamEvent & { readonly event: "content-block-delta" })["delta"],
  ): void {
    const open = this.open.get(index);
    if (open !== undefined) open.text += text;
    events.push({ event: "content-block-delta", index, delta });
  }

  private end(index: number, events: ChatModelStreamEvent[]): void {
    const open = this.open.get(index);
    if (open === undefined) return;
    this.open.delete(index);
    events.push({
      event: "content-block-finish",
      index,
      content: finished(open.type, open.fields, open.text),
    });
  }

  private finish(response: ChatResponse, events: ChatModelStreamEvent[]): void {
    response.content.forEach((part, index) => {
      if (part.type !== "audio" && part.type !== "image") return;
      const content = blockOf(part);
      if (content === undefined) return;
      events.push({ event: "content-block-start", index, content });
      events.push({ event: "content-block-finish", index, content });
    });
    events.push({
      event: "message-finish",
      reason: finishWord(response.finishReason),
      usage: usageMetadata(response.usage),
      responseMetadata: responseMetadata(response),
    });
  }
}

/** The whole block of a part that came in pieces. */
function finished(type: string, fields: Record<string, unknown>, text: string): ContentBlock {
  switch (type) {
    case "text":
      return { type, text };
    case "reasoning":
      return { type, reasoning: text };
    case "refusal":
      return { type, refusal: text };
    default: {
      const args = text === "" ? {} : tryParse(text);
      return isObject(args)
        ? { type, ...fields, args }
        : { type: "invalid_tool_call", ...fields, args: text, error: "The arguments are not a JSON object" };
    }
  }
}
