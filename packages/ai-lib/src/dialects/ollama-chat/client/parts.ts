import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { ContentPart, ImagePart, ToolCallPart } from "../../../core/values/message.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { isSynthetic } from "../shared/family.js";
import type { OllamaContext } from "./context.js";

/** The content of a user's message, of instructions or of a result: texts, joined by line breaks, and images. */
export function encodeContent(
  parts: readonly ContentPart[],
  at: string,
  context: OllamaContext,
): { readonly text: string; readonly images: string[] | undefined } {
  const texts: string[] = [];
  const images: string[] = [];
  parts.forEach((part, place) => {
    const where = `${at}.content.${place}`;
    warnMarks(part, where, context);
    if (part.type === "text") texts.push(part.text);
    else {
      const image = part.type === "file" ? context.asImage(part, where) : part;
      if (image?.type === "image") images.push(encodeImage(image, where, context));
      else context.refuse(where);
    }
  });
  return { text: texts.join("\n"), images: images.length === 0 ? undefined : images };
}

/** @throws {AiLibError} `UNSUPPORTED_FEATURE` for an image that is not sent as bytes. */
function encodeImage(part: ImagePart, at: string, context: OllamaContext): string {
  if (part.detail !== undefined && part.detail !== "auto") context.unsupported(`${at}.detail`);
  return part.data ?? parseDataUri(part.url ?? "")?.data ?? context.refuse(at, "this one is not");
}

/** Warns about fields that parts cannot have: they are pieces of one text, or bare bytes. */
function warnMarks(part: ContentPart, at: string, context: OllamaContext): void {
  if (part.cache !== undefined) context.unsupported(`${at}.cache`);
  if (context.hasExtensions(part.extensions) && part.type !== "tool-call")
    context.unsupported(`${at}.extensions`);
}

/** Collects the parts of a model's turn, which has one text, one thinking and a list of calls. */
export class AssistantTurn {
  private text = "";
  private thinking = "";
  private readonly calls: JsonObject[] = [];

  constructor(private readonly context: OllamaContext) {}

  add(part: ContentPart, at: string): void {
    const { context } = this;
    warnMarks(part, at, context);
    // Thinking without its state is another model's own; any other part is sent without.
    context.stateOf(part.origin, part.type === "reasoning" ? at : `${at}.origin`);
    switch (part.type) {
      case "text":
        this.text += part.text;
        if (part.logprobs !== undefined) context.notReplayed(`${at}.logprobs`);
        break;
      case "refusal":
        this.text += part.text;
        context.notReplayed(at);
        break;
      case "reasoning":
        if (part.origin === undefined) this.thinking += part.text;
        if (part.redacted === true) context.notReplayed(`${at}.redacted`);
        break;
      case "tool-call": {
        const call = encodeCall(part, at, context);
        if (call !== undefined) this.calls.push(call);
        break;
      }
      case "image":
      case "audio":
      case "file":
        context.notReplayed(at, { key: "messages.content.assistant-media" });
        break;
      case "source":
      case "tool-result":
        context.notReplayed(at);
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /** The turn as a message; undefined if nothing is left of it. */
  encode(): MutableJson | undefined {
    const { text, thinking, calls } = this;
    if (text === "" && thinking === "" && calls.length === 0) return undefined;
    return {
      role: "assistant",
      content: text,
      thinking: thinking === "" ? undefined : thinking,
      tool_calls: calls.length === 0 ? undefined : calls,
    };
  }
}

function encodeCall(part: ToolCallPart, at: string, context: OllamaContext): JsonObject | undefined {
  context.noteCall(part.id, part.name);
  if (part.executedBy !== undefined)
    return context.dropCall(part.id, at, { key: "messages.content.tool-call.executedBy" });
  if (part.arguments === undefined)
    return context.dropCall(part.id, at, { key: "messages.content.tool-call.argumentsText" });
  const call = {
    id: isSynthetic(part.id) ? undefined : part.id,
    function: { name: part.name, arguments: part.arguments },
  };
  return context.extended(call, part.extensions);
}
