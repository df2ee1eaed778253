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

/** Inserted between results and a user's message, for models that accept only their own turn after a result. */
const BRIDGE = "OK.";

/**
 * Encodes a conversation for a dialect whose messages have roles as the contract's have, and whose results of tools
 * hold text: their media follow the last result of a turn in a user message.
 */
export abstract class MessagesEncoder<Context extends EncodeContext, Media extends Json> {
  private readonly messages: MutableJson[] = [];
  private media: Media[] = [];
  /** The message that is encoded follows the last words of the user. */
  protected afterUser = false;
  /** Path of the message that is encoded. */
  private at = "";

  /**
   * @param ordered the model's template accepts results only before results and the model's own turn, and instructions
   *   only at the head and after a user's turn. So do Mistral's models, whichever server runs them: "Unexpected role
   *   'user' after role 'tool'" (https://github.com/BerriAI/litellm/issues/17761). Default: any order.
   */
  constructor(
    protected readonly context: Context,
    private readonly ordered = false,
  ) {}

  /** The messages of a whole conversation. Called once. */
  encode(conversation: readonly Message[]): MutableJson[] {
    // Instructions of an ordered conversation move to its head.
    const end = this.ordered ? conversation.findLastIndex(isNoSystem) : conversation.length - 1;
    const user = conversation.findLastIndex(isUser);
    for (let i = 0; i < conversation.length; i++) {
      this.afterUser = i > user;
      this.add(conversation[i] as Message, pathOf(i), i === end);
    }
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
    const encoded = extensions === undefined ? message : this.context.extended(message, extensions);
    if (!this.ordered) {
      this.messages.push(encoded);
      return;
    }
    const { role } = message;
    const before = this.messages.at(-1)?.["role"];
    if (role === "assistant" || role === "tool") this.messages.push(encoded);
    else if (role !== "user" && (before === "assistant" || before === "tool")) {
      this.context.repaired(this.at, "instructions come first: the model accepts none after its own turns");
      const head = this.messages.findIndex((other) => other["role"] !== role);
      this.messages.splice(head < 0 ? this.messages.length : head, 0, encoded);
    } else {
      if (before === "tool") {
        this.context.repaired(this.at, "a turn of the model precedes it, which must follow results");
        this.messages.push({ role: "assistant", content: BRIDGE });
      }
      this.messages.push(encoded);
    }
  }

  /** Keeps media of a result for the user message after the turn's results. */
  protected keepMedia(media: readonly Media[]): void {
    this.media.push(...media);
  }

  private add(message: Message, at: string, last: boolean): void {
    this.at = at;
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
    if (this.media.length === 0) return;
    this.push(this.mediaMessage(this.media), undefined);
    this.media = [];
  }
}

/** The paths of the first messages. Every request needs them, and making one takes longer than most of its encoding. */
const PATHS = Array.from({ length: 256 }, (_, i) => `messages.${i}`);

function pathOf(index: number): string {
  return PATHS[index] ?? `messages.${index}`;
}

function isNoSystem({ role }: Message): boolean {
  return role !== "system";
}

function isUser({ role }: Message): boolean {
  return role === "user";
}
