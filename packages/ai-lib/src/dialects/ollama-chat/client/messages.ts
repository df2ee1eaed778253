import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type ContentPart,
  type Extensions,
  type Message,
  partsOf,
  type ToolMessage,
  type ToolResultPart,
} from "../../../core/values/message.js";
import { isSynthetic } from "../shared/family.js";
import { AssistantTurn } from "./assistant.js";
import type { OllamaContext } from "./context.js";
import { encodeContent } from "./parts.js";

/** `messages` of a body: each is one text, with images beside it. https://docs.ollama.com/api/chat */
export function encodeMessages(messages: readonly Message[], context: OllamaContext): JsonObject[] {
  const encoder = new OllamaMessagesEncoder(context);
  messages.forEach((message, position) => {
    encoder.add(message, `messages.${position}`);
  });
  return encoder.finish();
}

class OllamaMessagesEncoder {
  private readonly messages: JsonObject[] = [];
  /** Images of the results of one turn. They follow the last result in a user message. */
  private images: string[] = [];

  constructor(private readonly context: OllamaContext) {}

  add(message: Message, at: string): void {
    const { context } = this;
    if (message.role !== "tool") this.flushImages();
    if (message.cache !== undefined) context.unsupported(`${at}.cache`);
    switch (message.role) {
      case "system":
      case "user": {
        if (message.role === "user" && message.name !== undefined) context.unsupported(`${at}.name`);
        const { text, images } = encodeContent(partsOf(message), at, context);
        this.push({ role: message.role, content: text, images }, message.extensions);
        break;
      }
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

  private push(message: MutableJson, extensions: Extensions | undefined): void {
    this.messages.push(this.context.extended(message, extensions));
  }

  private assistant(message: AssistantMessage, at: string): void {
    const turn = new AssistantTurn(this.context);
    partsOf(message).forEach((part, place) => {
      turn.add(part, `${at}.content.${place}`);
    });
    const encoded = turn.encode();
    if (encoded === undefined) this.warnFields(message, at);
    else this.push(encoded, message.extensions);
  }

  private tool(message: ToolMessage, at: string): void {
    let kept = false;
    message.content.forEach((result, place) => {
      if (this.context.isDropped(result.id)) return;
      kept = true;
      const encoded = this.result(result, `${at}.content.${place}`);
      this.push(this.context.extended(encoded, result.extensions), message.extensions);
    });
    if (!kept) this.warnFields(message, at);
  }

  private result(result: ToolResultPart, at: string): MutableJson {
    const { context } = this;
    if (result.cache !== undefined) context.unsupported(`${at}.cache`);
    if (result.isError === true) context.unsupported(`${at}.isError`);
    context.stateOf(result.origin, `${at}.origin`);
    const parts: readonly ContentPart[] =
      typeof result.content === "string" ? [{ type: "text", text: result.content }] : result.content;
    const { text, images } = encodeContent(parts, at, context);
    if (images !== undefined) {
      context.changed(`${at}.content`, { key: "messages.content.tool-result.content" });
      this.images.push(...images);
    }
    return {
      role: "tool",
      content: text,
      tool_name: result.name ?? context.nameOf(result.id),
      tool_call_id: isSynthetic(result.id) ? undefined : result.id,
    };
  }

  private flushImages(): void {
    if (this.images.length > 0) this.messages.push({ role: "user", content: "", images: this.images });
    this.images = [];
  }

  /** Warns about the fields of a message that is left out. */
  private warnFields({ extensions }: Pick<Message, "extensions">, at: string): void {
    if (this.context.hasExtensions(extensions)) this.context.unsupported(`${at}.extensions`);
  }
}
