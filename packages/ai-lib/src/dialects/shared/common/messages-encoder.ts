import type { Json, MutableJson } from "../../../core/values/json.js";
import type {
  AssistantMessage,
  Extensions,
  Message,
  SystemMessage,
  ToolMessage,
  UserMessage,
} from "../../../core/values/message.js";
import type { EncodeContext } from "./encode-context.js";

/**
 * Encodes a conversation for a dialect whose messages have roles as the contract's have, and whose results of tools
 * hold text: their media follow the last result of a turn in a user message.
 */
export abstract class MessagesEncoder<Context extends EncodeContext, Media extends Json> {
  private readonly messages: MutableJson[] = [];
  private media: Media[] = [];

  constructor(protected readonly context: Context) {}

  /** The messages of a whole conversation. Called once. */
  encode(conversation: readonly Message[]): MutableJson[] {
    const end = conversation.length - 1;
    conversation.forEach((message, i) => {
      this.add(message, `messages.${i}`, i === end);
    });
    this.flushMedia();
    return this.messages;
  }

  protected abstract prompt(message: SystemMessage | UserMessage, at: string): void;
  /** @param last the conversation ends with the message */
  protected abstract assistant(message: AssistantMessage, at: string, last: boolean): void;
  protected abstract tool(message: ToolMessage, at: string): void;
  /** The user message that holds the media of the results of one turn. */
  protected mediaMessage(media: Media[]): MutableJson {
    return { role: "user", content: media };
  }

  /** Warns about fields of a message that the dialect lacks. Here: the mark for a cache, and the name of a user. */
  protected warnFields(message: Message, at: string): void {
    if (message.cache !== undefined) this.context.unsupported(`${at}.cache`);
    if (message.role === "user" && message.name !== undefined) this.context.unsupported(`${at}.name`);
  }

  protected push(message: MutableJson, extensions: Extensions | undefined): void {
    this.messages.push(this.context.extended(message, extensions));
  }

  /** Keeps media of a result for the user message after the turn's results. */
  protected keepMedia(media: readonly Media[]): void {
    this.media.push(...media);
  }

  private add(message: Message, at: string, last: boolean): void {
    if (message.role !== "tool") this.flushMedia();
    this.warnFields(message, at);
    switch (message.role) {
      case "system":
      case "user":
        this.prompt(message, at);
        break;
      case "assistant":
        if (message.incomplete === true) this.context.notReplayed(at, { key: "messages.incomplete" });
        else this.assistant(message, at, last);
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

  private flushMedia(): void {
    if (this.media.length > 0) this.messages.push(this.mediaMessage(this.media));
    this.media = [];
  }
}
