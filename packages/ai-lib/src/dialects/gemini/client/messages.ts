import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type {
  AssistantMessage,
  Extensions,
  Message,
  SystemMessage,
  ToolMessage,
  UserMessage,
} from "../../../core/values/message.js";
import { partsOf } from "../../../core/values/message.js";
import { SKIP_SIGNATURE } from "../shared/family.js";
import type { GeminiContext } from "./context.js";
import { encodeAssistantPart, encodeFunctionResult, encodeUserPart } from "./parts.js";

/** The instructions and turns of a request. */
export interface EncodedMessages {
  readonly instruction?: JsonObject;
  readonly contents: readonly JsonObject[];
}

/** Messages as `systemInstruction` and `contents`. https://ai.google.dev/api/caching#Content */
export function encodeMessages(messages: readonly Message[], context: GeminiContext): EncodedMessages {
  const encoder = new GeminiMessagesEncoder(context);
  messages.forEach((message, position) => {
    encoder.add(message, `messages.${position}`);
  });
  return encoder.result();
}

/** One turn on the wire. */
type Content = { role: "user" | "model"; parts: JsonObject[] } & MutableJson;

class GeminiMessagesEncoder {
  private readonly contents: MutableJson[] = [];
  private readonly instructions: JsonObject[] = [];
  private readonly instructionFields: JsonObject[] = [];
  /** The content that collects the results of one turn. */
  private results: Content | undefined;

  constructor(private readonly context: GeminiContext) {}

  add(message: Message, at: string): void {
    if (message.cache !== undefined) this.context.unsupported(`${at}.cache`);
    if (message.role !== "tool") this.results = undefined;
    switch (message.role) {
      case "system":
        this.system(message, at);
        break;
      case "user":
        this.user(message, at);
        break;
      case "assistant":
        if (message.incomplete === true) this.context.notReplayed(at, { key: "messages.incomplete" });
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

  /** The result, after all messages. */
  result(): EncodedMessages {
    const { instructions, contents, context } = this;
    if (instructions.length === 0) return { contents };
    if (context.facts.systemRole)
      return {
        instruction: this.instructionFields.reduce<JsonObject>(mergeDeep, { parts: instructions }),
        contents,
      };
    context.changed("messages", {
      reason: `${context.target.model} accepts no instructions; they begin the first user message`,
    });
    const first = contents.find((content) => content["role"] === "user");
    if (first === undefined) return { contents: [{ role: "user", parts: instructions }, ...contents] };
    first["parts"] = [...instructions, ...(first["parts"] as JsonObject[])];
    return { contents };
  }

  private system(message: SystemMessage, at: string): void {
    const { context } = this;
    if (this.contents.length > 0 && context.facts.systemRole)
      context.changed(at, { key: "messages.role.system" });
    partsOf(message).forEach((part, place) => {
      if (part.type === "text" && part.text !== "")
        this.instructions.push(context.extended({ text: part.text }, part.extensions));
      if (part.cache !== undefined) context.unsupported(`${at}.content.${place}.cache`);
    });
    this.instructionFields.push(...context.extensionsFor(message.extensions));
  }

  private user(message: UserMessage, at: string): void {
    if (message.name !== undefined) this.context.unsupported(`${at}.name`);
    const parts: JsonObject[] = [];
    partsOf(message).forEach((part, place) => {
      const wire = encodeUserPart(part, `${at}.content.${place}`, this.context);
      if (wire !== undefined) parts.push(this.context.extended(wire, part.extensions));
    });
    // An empty message is still a turn: the model answers instructions alone only if one follows them.
    this.push("user", parts.length === 0 ? [{ text: "" }] : parts, message.extensions, at);
  }

  private assistant(message: AssistantMessage, at: string): void {
    const { context } = this;
    const parts: JsonObject[] = [];
    let unsigned: number | undefined;
    let signed = false;
    partsOf(message).forEach((part, place) => {
      const wire = encodeAssistantPart(part, `${at}.content.${place}`, context);
      if (wire === undefined) return;
      if (part.type === "tool-call" && part.executedBy === undefined) {
        if (wire["thoughtSignature"] !== undefined) signed = true;
        else unsigned ??= parts.length;
      }
      parts.push(context.extended(wire, part.extensions));
    });
    // Calls that another model made have no signature: the first of parallel calls needs one.
    if (unsigned !== undefined && !signed && context.facts.signedCalls)
      parts[unsigned] = { ...parts[unsigned], thoughtSignature: SKIP_SIGNATURE };
    this.push("model", parts, message.extensions, at);
  }

  private tool(message: ToolMessage, at: string): void {
    const { context } = this;
    const parts: JsonObject[] = [];
    const media: JsonObject[] = [];
    message.content.forEach((result, place) => {
      if (context.isDropped(result.id)) return;
      const wire = encodeFunctionResult(result, `${at}.content.${place}`, context, media);
      parts.push(context.extended(wire, result.extensions));
    });
    // All results of one turn are in one content, one for each call.
    if (this.results === undefined || parts.length === 0)
      this.results = this.push("user", [...parts, ...media], message.extensions, at) ?? this.results;
    else {
      this.results.parts.push(...parts, ...media);
      Object.assign(this.results, context.extended(this.results, message.extensions));
    }
  }

  private push(
    role: Content["role"],
    parts: JsonObject[],
    extensions: Extensions | undefined,
    at: string,
  ): Content | undefined {
    if (parts.length === 0) {
      if (this.context.extensionsFor(extensions).length > 0) this.context.unsupported(`${at}.extensions`);
      return undefined;
    }
    const content = this.context.extended({ role, parts }, extensions) as Content;
    this.contents.push(content);
    return content;
  }
}
