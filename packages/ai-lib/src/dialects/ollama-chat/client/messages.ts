import { type DialectTarget, type EncodeWarnings, extensionsFor } from "../../../core/contract/dialect.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type ContentPart,
  type Message,
  partsOf,
  type ToolCallPart,
  type ToolMessage,
  type ToolResultPart,
} from "../../../core/values/message.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { extended } from "../../shared/common/extensions.js";
import { DIALECT, isSynthetic } from "../shared/family.js";

/** Writes a conversation. A message is one text, with pictures beside it. https://docs.ollama.com/api/chat */
export class MessageWriter {
  readonly written: JsonObject[] = [];
  /** Names of the calls made so far, by id: a result names its function. */
  private readonly names = new Map<string, string>();
  /** Calls that were left out, so that their results go too. */
  private readonly dropped = new Set<string>();
  /** Pictures of tool results, until their last message has been written. */
  private moved: string[] = [];

  constructor(
    private readonly target: DialectTarget,
    private readonly losses: EncodeWarnings,
  ) {}

  write(messages: readonly Message[]): JsonObject[] {
    messages.forEach((message, position) => {
      const at = `messages.${position}`;
      if (message.role !== "tool") this.flush();
      if (message.cache !== undefined) this.cacheMark(at);
      if (message.role === "assistant") this.assistant(message, at);
      else if (message.role === "tool") this.tool(message, at);
      else {
        if (message.role === "user" && message.name !== undefined)
          this.losses.unsupported(`${at}.name`, "users have no names");
        const { texts, images } = this.parts(partsOf(message), at);
        this.push({ role: message.role, content: texts, images }, message);
      }
    });
    this.flush();
    return this.written;
  }

  private push(wire: MutableJson, message: Pick<Message, "extensions">): void {
    this.written.push(extended(wire, message.extensions, DIALECT, this.target.provider));
  }

  /** The text and the pictures of a user's message, of instructions, or of a result. */
  private parts(parts: readonly ContentPart[], at: string): { texts: string; images: string[] | undefined } {
    const texts: string[] = [];
    const images: string[] = [];
    parts.forEach((part, place) => {
      const path = `${at}.content.${place}`;
      this.marks(part, path);
      if (part.type === "text") texts.push(part.text);
      else if (part.type === "image") {
        const bytes = part.data ?? parseDataUri(part.url ?? "")?.data;
        if (part.detail !== undefined && part.detail !== "auto")
          this.losses.unsupported(`${path}.detail`, "Ollama has no such field");
        if (bytes === undefined) this.losses.unsupported(path, "Ollama takes pictures only as bytes");
        else images.push(bytes);
      } else this.losses.unsupported(path, `Ollama's messages hold no ${part.type}`);
    });
    return { texts: texts.join("\n"), images: images.length === 0 ? undefined : images };
  }

  private assistant(message: AssistantMessage, at: string): void {
    if (message.incomplete === true) return;
    const texts: string[] = [];
    let thinking = "";
    const calls: JsonObject[] = [];
    partsOf(message).forEach((part, place) => {
      const path = `${at}.content.${place}`;
      this.marks(part, path);
      if (part.origin !== undefined) this.losses.stateDropped(path, part.origin.family);
      switch (part.type) {
        case "text":
          texts.push(part.text);
          if (part.logprobs !== undefined)
            this.losses.unsupported(`${path}.logprobs`, "log probabilities have no place in a request");
          break;
        case "refusal":
          texts.push(part.text);
          this.losses.changed(path, "a refusal is sent as text");
          break;
        case "reasoning":
          // Thinking that carries another family's state is that family's own.
          if (part.origin === undefined) thinking += part.text;
          if (part.redacted === true)
            this.losses.notReplayed(`${path}.redacted`, "thinking has no mark for what was withheld");
          break;
        case "tool-call":
          this.call(part, path, calls);
          break;
        case "image":
        case "audio":
        case "file":
        case "source":
        case "tool-result":
          this.losses.unsupported(path, `a model's message holds no ${part.type} here`);
          break;
        default: {
          const never: never = part;
          throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
        }
      }
    });
    const content = texts.join("");
    if (content === "" && thinking === "" && calls.length === 0) {
      this.noteFields(message, at);
      return;
    }
    this.push(
      {
        role: "assistant",
        content,
        thinking: thinking === "" ? undefined : thinking,
        tool_calls: calls.length === 0 ? undefined : calls,
      },
      message,
    );
  }

  private call(part: ToolCallPart, at: string, calls: JsonObject[]): void {
    this.names.set(part.id, part.name);
    if (part.executedBy !== undefined || part.arguments === undefined) {
      this.dropped.add(part.id);
      const why = part.executedBy === undefined ? "its arguments were cut" : "another provider ran it";
      this.losses.unsupported(at, `${why}, so it cannot be replayed`);
      return;
    }
    const wire = {
      id: isSynthetic(part.id) ? undefined : part.id,
      function: { name: part.name, arguments: part.arguments },
    };
    calls.push(extended(wire, part.extensions, DIALECT, this.target.provider));
  }

  private tool(message: ToolMessage, at: string): void {
    const kept = message.content.filter((result) => !this.dropped.has(result.id));
    for (const result of kept)
      this.result(result, message, `${at}.content.${message.content.indexOf(result)}`);
    if (kept.length === 0) this.noteFields(message, at);
  }

  private result(result: ToolResultPart, message: ToolMessage, at: string): void {
    if (result.cache !== undefined) this.cacheMark(at);
    if (result.isError === true) this.losses.unsupported(`${at}.isError`, "results have no mark for errors");
    const content: readonly ContentPart[] =
      typeof result.content === "string" ? [{ type: "text", text: result.content }] : result.content;
    const { texts, images } = this.parts(content, at);
    if (images !== undefined) {
      this.losses.changed(`${at}.content`, "its pictures move to a user message behind the results");
      this.moved.push(...images);
    }
    const wire = extended(
      {
        role: "tool",
        content: texts,
        tool_name: result.name ?? this.names.get(result.id),
        tool_call_id: isSynthetic(result.id) ? undefined : result.id,
      },
      result.extensions,
      DIALECT,
      this.target.provider,
    );
    this.push(wire, message);
  }

  private flush(): void {
    if (this.moved.length > 0) this.written.push({ role: "user", content: "", images: this.moved });
    this.moved = [];
  }

  /** What a part may carry beside its content. */
  private marks(part: ContentPart, at: string): void {
    if (part.cache !== undefined) this.cacheMark(at);
    const own = part.extensions?.[DIALECT] ?? part.extensions?.[this.target.provider];
    if (own !== undefined && part.type !== "tool-call")
      this.losses.unsupported(
        `${at}.extensions`,
        "a message is one text, so its parts have no fields of their own",
      );
  }

  /** Notes vendor fields of a message that is left out. */
  private noteFields(message: Pick<Message, "extensions">, at: string): void {
    if (extensionsFor(message.extensions, DIALECT, this.target.provider).length > 0)
      this.losses.unsupported(`${at}.extensions`, "nothing else is left of the message");
  }

  private cacheMark(at: string): void {
    this.losses.unsupported(`${at}.cache`, "Ollama caches prompts by their prefix");
  }
}
