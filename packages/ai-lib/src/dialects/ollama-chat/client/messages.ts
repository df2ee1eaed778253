import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type ContentPart,
  type Message,
  partsOf,
  type SystemMessage,
  type ToolMessage,
  type ToolResultPart,
  type UserMessage,
} from "../../../core/values/message.js";
import { MessagesEncoder } from "../../shared/common/messages-encoder.js";
import { AssistantTurn } from "./assistant.js";
import type { OllamaContext } from "./context.js";
import { encodeContent } from "./parts.js";

/** `messages` of a body: each is one text, with images beside it. https://docs.ollama.com/api/chat */
export function encodeMessages(messages: readonly Message[], context: OllamaContext): JsonObject[] {
  return new OllamaMessagesEncoder(context).encode(messages);
}

class OllamaMessagesEncoder extends MessagesEncoder<OllamaContext, string> {
  protected prompt(message: SystemMessage | UserMessage, at: string): void {
    const { text, images } = encodeContent(partsOf(message), at, this.context);
    this.push({ role: message.role, content: text, images }, message.extensions);
  }

  protected override mediaMessage(images: string[]): MutableJson {
    return { role: "user", content: "", images };
  }

  protected assistant(message: AssistantMessage, at: string): void {
    const turn = new AssistantTurn(this.context);
    partsOf(message).forEach((part, place) => {
      turn.add(part, `${at}.content.${place}`);
    });
    const encoded = turn.encode();
    if (encoded === undefined) this.warnExtensions(message, at);
    else this.push(encoded, message.extensions);
  }

  protected tool(message: ToolMessage, at: string): void {
    let kept = false;
    message.content.forEach((result, place) => {
      if (this.context.isDropped(result.id)) return;
      kept = true;
      const encoded = this.result(result, `${at}.content.${place}`);
      this.push(this.context.extended(encoded, result.extensions), message.extensions);
    });
    if (!kept) this.warnExtensions(message, at);
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
      this.keepMedia(images);
    }
    return {
      role: "tool",
      content: text,
      tool_name: result.name ?? context.nameOf(result.id),
      tool_call_id: context.sentId(result.id),
    };
  }

  /** Warns about the fields of a message that is left out. */
  private warnExtensions({ extensions }: Pick<Message, "extensions">, at: string): void {
    if (this.context.hasExtensions(extensions)) this.context.unsupported(`${at}.extensions`);
  }
}
