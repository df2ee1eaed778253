import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { ContentPart, ToolCallPart } from "../../../core/values/message.js";
import type { OllamaContext } from "./context.js";
import { warnMarks } from "./parts.js";

/** Collects the parts of a model's turn, which has one text, one thinking and a list of calls. */
export class AssistantTurn {
  private text = "";
  private thinking = "";
  private readonly calls: JsonObject[] = [];

  constructor(private readonly context: OllamaContext) {}

  add(part: ContentPart, at: string): void {
    const { context } = this;
    warnMarks(part, at, context);
    // Thinking whose state the target cannot read is left out; any other part is sent without its state.
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
      case "compaction":
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
  if (part.arguments === undefined) context.notReplayed(`${at}.argumentsText`);
  const call = {
    id: context.sentId(part.id),
    function: { name: part.name, arguments: part.arguments ?? {} },
  };
  return context.extended(call, part.extensions);
}
