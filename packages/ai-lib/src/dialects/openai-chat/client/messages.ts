import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type {
  AssistantMessage,
  CacheMark,
  Extensions,
  Message,
  SystemMessage,
  ToolMessage,
  UserMessage,
} from "../../../core/values/message.js";
import { MessagesEncoder } from "../../shared/common/messages-encoder.js";
import type { OpenAIChatContext } from "./context.js";
import { rare } from "./on-demand.js";

/** `messages` of a body. Each result of a tool is a message. */
export function encodeMessages(messages: readonly Message[], context: OpenAIChatContext): MutableJson[] {
  return new OpenAIChatMessagesEncoder(context, context.mistral).encode(messages);
}

class OpenAIChatMessagesEncoder extends MessagesEncoder<OpenAIChatContext, JsonObject> {
  protected prompt(message: SystemMessage | UserMessage, at: string): void {
    if (message.role === "system") this.system(message, at);
    else this.user(message, at);
  }

  /** Marks and names are encoded, or refused, at their place. */
  protected override warnFields(): void {}

  private system({ content, cache, extensions }: SystemMessage, at: string): void {
    const encoded = typeof content === "string" ? content : rare.get().encodeTexts(content, at, this.context);
    const role = this.context.quirks.systemRole ?? "system";
    this.push({ role, content: this.marked(encoded, cache, at) }, extensions);
  }

  private user({ content, name, cache, extensions }: UserMessage, at: string): void {
    const encoded =
      typeof content === "string" ? content : rare.get().encodeUserParts(content, at, this.context);
    const marked = this.marked(encoded, cache, at);
    const body =
      name === undefined ? { role: "user", content: marked } : { role: "user", content: marked, name };
    this.push(body, extensions);
  }

  protected assistant(message: AssistantMessage, at: string): void {
    const { content, cache, extensions } = message;
    // Most turns are text alone, as most requests are.
    const encoded =
      typeof content === "string" && content !== "" && cache === undefined && this.context.plainTurns
        ? { role: "assistant", content }
        : rare.get().encodeAssistant(message, at, this.context, this.afterUser);
    if (encoded !== undefined) this.push(encoded, extensions);
  }

  protected tool(message: ToolMessage, at: string): void {
    rare.get().encodeResults(message, at, this.context, this);
  }

  override push(message: MutableJson, extensions: Extensions | undefined): void {
    super.push(message, extensions);
  }

  override keepMedia(media: readonly JsonObject[]): void {
    super.keepMedia(media);
  }

  private marked(
    content: string | JsonObject[],
    mark: CacheMark | undefined,
    at: string,
  ): string | JsonObject[] {
    return mark === undefined ? content : rare.get().withMark(content, mark, at, this.context);
  }
}
