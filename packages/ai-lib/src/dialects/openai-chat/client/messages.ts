import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type CacheMark,
  type Message,
  partsOf,
  type SystemMessage,
  type TextPart,
  type ToolMessage,
  type ToolResultPart,
  type UserMessage,
} from "../../../core/values/message.js";
import { MessagesEncoder } from "../../shared/common/messages-encoder.js";
import { AssistantTurn } from "./assistant.js";
import type { OpenAIChatContext } from "./context.js";
import { encodePart } from "./parts.js";

/** `messages` of a body. Each result of a tool is a message. */
export function encodeMessages(messages: readonly Message[], context: OpenAIChatContext): MutableJson[] {
  return new OpenAIChatMessagesEncoder(context, context.mistral).encode(messages);
}

class OpenAIChatMessagesEncoder extends MessagesEncoder<OpenAIChatContext, JsonObject> {
  protected prompt(message: SystemMessage | UserMessage, at: string): void {
    if (message.role === "system") this.system(message, at);
    else this.user(message, at);
  }

  /** Marks and names are encoded, or refused, where they stand. */
  protected override warnFields(): void {}

  private system(message: SystemMessage, at: string): void {
    const content = this.text(message.content, at);
    const role = this.context.quirks.systemRole ?? "system";
    this.push({ role, content: this.marked(content, message.cache, at) }, message.extensions);
  }

  private user(message: UserMessage, at: string): void {
    const { content, name, cache } = message;
    const encoded =
      typeof content === "string" || content.every((part) => part.type === "text")
        ? this.text(content as string | readonly TextPart[], at)
        : content.map((part, j) => encodePart(part, `${at}.content.${j}`, this.context));
    const marked = this.marked(encoded, cache, at);
    const body =
      name === undefined ? { role: "user", content: marked } : { role: "user", content: marked, name };
    this.push(body, message.extensions);
  }

  protected assistant(message: AssistantMessage, at: string): void {
    const turn = new AssistantTurn(this.context, this.afterUser);
    partsOf(message).forEach((part, j) => {
      turn.add(part, `${at}.content.${j}`);
    });
    const encoded = turn.encode(at);
    if (encoded === undefined) return;
    const content = encoded["content"];
    if (message.cache !== undefined && (typeof content === "string" || Array.isArray(content)))
      encoded["content"] = this.marked(content as string | JsonObject[], message.cache, at);
    else Object.assign(encoded, this.context.cacheControl(message.cache, at));
    this.push(encoded, message.extensions);
  }

  protected tool(message: ToolMessage, at: string): void {
    const { context } = this;
    message.content.forEach((part, j) => {
      const where = `${at}.content.${j}`;
      const last = j === message.content.length - 1;
      if (part.isError === true) context.unsupported(`${where}.isError`);
      const content = this.result(part, where);
      // The mark of the message is on its last result.
      const mark = last ? message.cache : undefined;
      if (part.cache !== undefined && mark !== undefined) context.dropSecondMark(at);
      const encoded = context.extended(
        {
          role: "tool",
          tool_call_id: context.callId(part.id),
          content:
            part.cache === undefined
              ? this.marked(content, mark, at)
              : this.marked(content, part.cache, where),
        },
        part.extensions,
      );
      this.push(encoded, last ? message.extensions : undefined);
    });
  }

  /** The content of a result. Media that the endpoint accepts only from users follow in a message of the user. */
  private result(part: ToolResultPart, at: string): string | JsonObject[] {
    const { context } = this;
    if (typeof part.content === "string") return part.content;
    const texts: TextPart[] = [];
    const places: number[] = [];
    part.content.forEach((piece, k) => {
      if (piece.type !== "text") return;
      texts.push(piece);
      places.push(k);
    });
    if (texts.length === part.content.length) return this.text(texts, at);
    if (context.quirks.toolResultMedia === true)
      return part.content.map((piece, k) => encodePart(piece, `${at}.content.${k}`, context));
    this.keepMedia([{ type: "text", text: `From the result of the tool call ${part.id}:` }]);
    part.content.forEach((piece, k) => {
      if (piece.type === "text") return;
      const where = `${at}.content.${k}`;
      context.changed(where, { key: "messages.content.tool-result.content" });
      this.keepMedia([encodePart(piece, where, context)]);
    });
    return this.text(texts, at, places);
  }

  /**
   * Text as a string if it is one part, else as parts. Texts are joined if the endpoint accepts only strings.
   * @param places the positions of the parts, if others stand between them.
   */
  private text(
    content: string | readonly TextPart[],
    at: string,
    places?: readonly number[],
  ): string | JsonObject[] {
    if (typeof content === "string") return content;
    const plain = content.every(({ cache, extensions }) => cache === undefined && extensions === undefined);
    if (this.context.quirks.textOnly === true || (plain && content.length <= 1))
      return content.map(({ text }) => text).join("\n");
    return content.map((part, j) => encodePart(part, `${at}.content.${places?.[j] ?? j}`, this.context));
  }

  /** Content with a mark on its last part. */
  private marked(
    content: string | JsonObject[],
    mark: CacheMark | undefined,
    at: string,
  ): string | JsonObject[] {
    if (mark === undefined) return content;
    const control = this.context.cacheControl(mark, at);
    if (control["cache_control"] === undefined) return content;
    if (typeof content === "string") return [{ type: "text", text: content, ...control }];
    return content.map((part, j) => (j === content.length - 1 ? { ...part, ...control } : part));
  }
}
