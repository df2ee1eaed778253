import type { JsonObject } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type Extensions,
  type Message,
  partsOf,
  type ToolMessage,
  type ToolResultPart,
  type UserPart,
} from "../../../core/values/message.js";
import { AssistantTurn } from "./assistant.js";
import type { CohereContext } from "./context.js";
import { encodeResultDocument, encodeUserPart } from "./parts.js";

/** `messages` of a body. https://docs.cohere.com/v2/reference/chat */
export function encodeMessages(messages: readonly Message[], context: CohereContext): JsonObject[] {
  const encoder = new CohereMessagesEncoder(context);
  messages.forEach((message, i) => {
    encoder.add(message, `messages.${i}`);
  });
  return encoder.finish();
}

class CohereMessagesEncoder {
  private readonly messages: JsonObject[] = [];
  /** Images of the results of one turn. They follow the last result in a user message. */
  private images: JsonObject[] = [];

  constructor(private readonly context: CohereContext) {}

  add(message: Message, at: string): void {
    const { context } = this;
    if (message.role !== "tool") this.flushImages();
    if (message.cache !== undefined) context.unsupported(`${at}.cache`);
    switch (message.role) {
      case "system":
      case "user":
        if (message.role === "user" && message.name !== undefined) context.unsupported(`${at}.name`);
        this.push({ role: message.role, content: this.content(message.content, at) }, message.extensions);
        break;
      case "assistant":
        if (message.incomplete === true) context.notReplayed(at, { key: "messages.incomplete" });
        else this.assistant(message, at);
        break;
      case "tool":
        this.tool(message, at);
        break;
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  }

  /** The messages, after all of the conversation. */
  finish(): JsonObject[] {
    this.flushImages();
    return this.messages;
  }

  private push(message: JsonObject, extensions: Extensions | undefined): void {
    this.messages.push(this.context.extended(message, extensions));
  }

  private content(content: string | readonly UserPart[], at: string): string | JsonObject[] {
    if (typeof content === "string") return content;
    const blocks: JsonObject[] = [];
    content.forEach((part, j) => {
      const block = encodeUserPart(part, `${at}.content.${j}`, this.context);
      if (block !== undefined) blocks.push(block);
    });
    return blocks;
  }

  private assistant(message: AssistantMessage, at: string): void {
    const turn = new AssistantTurn(this.context);
    partsOf(message).forEach((part, j) => {
      turn.add(part, j, `${at}.content.${j}`);
    });
    const encoded = turn.encode(typeof message.content === "string" ? message.content : undefined);
    if (encoded === undefined) this.context.notReplayed(at, { key: "messages.empty" });
    else this.push(encoded, message.extensions);
  }

  private tool(message: ToolMessage, at: string): void {
    const { context } = this;
    message.content.forEach((part, j) => {
      const where = `${at}.content.${j}`;
      if (context.isDropped(part.id)) return;
      if (part.executedBy !== undefined) {
        context.notReplayed(where, { key: "messages.content.tool-result.executedBy" });
        return;
      }
      if (part.isError === true) context.unsupported(`${where}.isError`);
      context.warnMarks(part, where);
      const result = { role: "tool", tool_call_id: part.id, content: this.result(part, where) };
      this.push(context.extended(result, message.extensions), part.extensions);
    });
  }

  private result(part: ToolResultPart, at: string): string | JsonObject[] {
    const { context } = this;
    if (typeof part.content === "string") return part.content;
    const blocks: JsonObject[] = [];
    part.content.forEach((piece, k) => {
      const where = `${at}.content.${k}`;
      const image = piece.type === "file" ? context.asImage(piece, where) : undefined;
      if (piece.type === "file" && image === undefined) {
        blocks.push(encodeResultDocument(piece, where, context));
        return;
      }
      const block = encodeUserPart(image ?? piece, where, context);
      if (block === undefined) return;
      if (piece.type === "text") blocks.push(block);
      else {
        context.changed(where, { key: "messages.content.tool-result.content" });
        this.images.push(block);
      }
    });
    return blocks.length === 0 ? "" : blocks;
  }

  private flushImages(): void {
    if (this.images.length > 0) this.messages.push({ role: "user", content: this.images });
    this.images = [];
  }
}
