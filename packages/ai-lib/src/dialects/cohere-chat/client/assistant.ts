import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { ContentPart, ReasoningPart, SourcePart, ToolCallPart } from "../../../core/values/message.js";
import { withArguments } from "../../shared/common/call-arguments.js";
import { encodeToolCall } from "../../shared/openai/tool-call.js";
import { type Cited, encodeCitations } from "../shared/citations.js";
import { isPlan } from "../shared/family.js";
import type { CohereContext } from "./context.js";

/** Collects the parts of a model's turn, which has content, a plan, calls and citations. */
export class AssistantTurn {
  private readonly blocks: JsonObject[] = [];
  private readonly calls: JsonObject[] = [];
  private readonly sources: SourcePart[] = [];
  /** The paths of the sources in the request. */
  private readonly paths: string[] = [];
  private readonly cited = new Map<number, Cited>();
  private plan = "";

  constructor(private readonly context: CohereContext) {}

  add(part: ContentPart, index: number, at: string): void {
    const { context } = this;
    if (part.type !== "reasoning") context.warnMarks(part, at);
    switch (part.type) {
      case "text":
        if (part.logprobs !== undefined) context.notReplayed(`${at}.logprobs`);
        this.block(index, "TEXT_CONTENT", part.text, { type: "text", text: part.text }, part);
        break;
      case "refusal":
        context.notReplayed(at);
        this.block(index, "TEXT_CONTENT", part.text, { type: "text", text: part.text }, part);
        break;
      case "reasoning":
        this.reasoning(part, index, at);
        break;
      case "tool-call":
        this.call(part, at);
        break;
      case "source":
        if (part.cites === undefined) context.notReplayed(at, "this one does not");
        else {
          this.sources.push(part);
          this.paths.push(at);
          this.warnFields(part, at);
        }
        break;
      case "compaction":
        context.notReplayed(at);
        break;
      case "tool-result":
        context.notReplayed(at, { key: "messages.content.tool-result.executedBy" });
        break;
      case "image":
      case "audio":
      case "file":
        context.notReplayed(at, { key: "messages.content.assistant-media" });
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /**
   * The turn as a message; undefined if nothing is left of it.
   * @param text the content of a message that has no parts.
   */
  encode(text: string | undefined): MutableJson | undefined {
    const { blocks, calls, sources, plan, cited, context } = this;
    if (blocks.length === 0 && calls.length === 0) return undefined;
    sources.forEach(({ cites }, i) => {
      if (cites !== undefined && !cited.has(cites.index))
        context.notReplayed(`${this.paths[i]}.cites`, { reason: "it names no text" });
    });
    return {
      role: "assistant",
      tool_plan: plan === "" ? undefined : plan,
      content: text ?? (blocks.length === 0 ? undefined : blocks),
      tool_calls: calls.length === 0 ? undefined : calls,
      citations: sources.length === 0 ? undefined : encodeCitations(sources, cited),
    };
  }

  private block(
    index: number,
    kind: Cited["kind"],
    text: string,
    block: JsonObject,
    part: Pick<ContentPart, "extensions">,
  ): void {
    this.cited.set(index, { kind, block: this.blocks.length, text });
    this.blocks.push(this.context.extended(block, part.extensions));
  }

  private reasoning(part: ReasoningPart, index: number, at: string): void {
    const { context } = this;
    if (part.origin !== undefined && context.stateOf(part.origin, at) === undefined) return;
    context.warnMarks(part, at);
    if (part.redacted === true) context.notReplayed(at, { key: "messages.content.reasoning.redacted" });
    else if (isPlan(part.origin)) {
      this.plan += part.text;
      this.warnFields(part, at);
      this.cited.set(index, { kind: "PLAN", text: part.text });
    } else this.block(index, "THINKING_CONTENT", part.text, { type: "thinking", thinking: part.text }, part);
  }

  /** Warns about vendor fields of what has no object of its own. */
  private warnFields({ extensions }: Pick<ContentPart, "extensions">, at: string): void {
    if (this.context.hasExtensions(extensions)) this.context.notReplayed(`${at}.extensions`);
  }

  private call(part: ToolCallPart, at: string): void {
    const { context } = this;
    context.noteCall(part.id, part.name);
    if (part.executedBy !== undefined)
      context.notReplayed(at, { key: "messages.content.tool-call.executedBy" });
    else {
      if (part.arguments === undefined) context.notReplayed(`${at}.argumentsText`);
      this.calls.push(context.extended(encodeToolCall(withArguments(part)), part.extensions));
    }
  }
}
