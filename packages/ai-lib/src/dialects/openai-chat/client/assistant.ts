import {
  asArray,
  asObject,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type AudioPart,
  type ContentPart,
  partsOf,
  type ReasoningPart,
  type TextPart,
  type ToolCallPart,
} from "../../../core/values/message.js";
import { wellFormedJson } from "../../shared/common/well-formed.js";
import { fieldOf, type ReasoningField } from "../shared/state.js";
import type { OpenAIChatContext } from "./context.js";
import { encodePart, withMark } from "./parts.js";

/** A model's turn with its mark; undefined if nothing is left of it. @param inLoop see {@link AssistantTurn} */
export function encodeAssistant(
  message: AssistantMessage,
  at: string,
  context: OpenAIChatContext,
  inLoop: boolean,
): MutableJson | undefined {
  const turn = new AssistantTurn(context, inLoop);
  partsOf(message).forEach((part, j) => {
    turn.add(part, `${at}.content.${j}`);
  });
  const encoded = turn.encode(at);
  if (encoded === undefined) return undefined;
  const content = encoded["content"];
  if (message.cache !== undefined && (typeof content === "string" || Array.isArray(content)))
    encoded["content"] = withMark(content as string | JsonObject[], message.cache, at, context);
  else Object.assign(encoded, context.cacheControl(message.cache, at));
  return encoded;
}

/** Collects the parts of a model's turn, which has one place for each kind of part: their order is lost. */
class AssistantTurn {
  private readonly texts: JsonObject[] = [];
  /** The texts have no fields of their own, so they are sent as one string. */
  private plain = true;
  private refusal: string | undefined;
  private reasoning: string | undefined;
  private details: Json[] | undefined;
  private audio: JsonObject | undefined;
  private extra: JsonObject | undefined;
  private readonly calls: JsonObject[] = [];

  /** The field that the reasoning arrived in, for an endpoint that may or may not accept earlier reasoning. */
  private echoed: ReasoningField | undefined;

  /**
   * @param inLoop only results of tools and calls follow: the turn's reasoning led to calls whose results the model has
   *   not used yet. An endpoint without the quirk `reasoningHistory` gets back the reasoning of such turns alone.
   */
  constructor(
    private readonly context: OpenAIChatContext,
    private readonly inLoop: boolean,
  ) {}

  add(part: ContentPart, at: string): void {
    const { context } = this;
    // Reasoning whose state the target cannot read is left out; any other part is sent without its state.
    const state = context.stateOf(part.origin, part.type === "reasoning" ? at : `${at}.origin`);
    switch (part.type) {
      case "text":
        this.addText(part, state, at);
        break;
      case "reasoning":
        this.addReasoning(part, state, at);
        break;
      case "refusal":
        this.refusal = (this.refusal ?? "") + part.text;
        this.warnMarks(part, at);
        break;
      case "tool-call":
        if (part.executedBy === undefined) this.addCall(part, state, at);
        else context.notReplayed(at, { key: "messages.content.tool-call.executedBy" });
        break;
      case "tool-result":
        context.notReplayed(at, { key: "messages.content.tool-call.executedBy" });
        break;
      case "audio":
        this.addAudio(part, state, at);
        break;
      case "image":
      case "file":
        context.notReplayed(at, { key: "messages.content.assistant-media" });
        break;
      case "compaction":
      case "source":
        context.notReplayed(at);
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /**
   * The turn as a message.
   * @param at for a warning if nothing is left of it and the endpoint refuses such turns: then it is undefined.
   */
  encode(at: string): MutableJson | undefined {
    const { calls, refusal, audio, extra, context } = this;
    const { noEmptyAssistant, emptyContent } = context.quirks;
    const message: MutableJson = { role: "assistant" };
    const content = this.plain ? this.texts.map((part) => part["text"]).join("") : this.texts;
    const empty = content === "" && calls.length === 0 && refusal === undefined && audio === undefined;
    if (empty && noEmptyAssistant === true) {
      context.notReplayed(at, { reason: "this endpoint refuses a turn with neither text nor calls" });
      return undefined;
    }
    if (content !== "" || empty) message["content"] = content;
    else if (emptyContent !== "omit") message["content"] = emptyContent === "empty" ? "" : null;
    if (refusal !== undefined) message["refusal"] = refusal;
    if (audio !== undefined) message["audio"] = audio;
    Object.assign(message, this.encodeReasoning());
    if (extra !== undefined) message["extra_content"] = extra;
    if (calls.length > 0) message["tool_calls"] = calls;
    return message;
  }

  private encodeReasoning(): JsonObject {
    const { reasoningHistory: field = "none", reasoningHistoryRequired } = this.context.quirks;
    if (this.details !== undefined) return { reasoning_details: this.details };
    if (this.echoed !== undefined) return { [this.echoed]: this.reasoning };
    if (field === "none" || field === "reasoning_details") return {};
    const text = this.reasoning ?? (reasoningHistoryRequired === true ? "" : undefined);
    return text === undefined ? {} : { [field]: text };
  }

  private addText(part: TextPart, state: JsonObject | undefined, at: string): void {
    this.extra = asObject(state?.["extra_content"]) ?? this.extra;
    if (part.logprobs !== undefined) this.context.notReplayed(`${at}.logprobs`);
    const encoded = encodePart(part, at, this.context);
    if (Object.keys(encoded).length > 2) this.plain = false;
    this.texts.push(encoded);
  }

  private addReasoning(part: ReasoningPart, state: JsonObject | undefined, at: string): void {
    const { context } = this;
    const field = context.quirks.reasoningHistory ?? "none";
    const details = asArray(state?.["reasoning_details"]);
    if (details.length > 0 && field === "reasoning_details") {
      this.details ??= [];
      this.details.push(...(details as Json[]));
      return;
    }
    if (part.origin !== undefined && state === undefined) return;
    const came = fieldOf(state);
    if (context.quirks.reasoningHistory === undefined && came !== undefined) {
      if (this.inLoop) {
        this.echoed = came;
        this.reasoning = (this.reasoning ?? "") + part.text;
      }
      this.warnMarks(part, at);
      return;
    }
    if (field === "none" || field === "reasoning_details" || part.redacted === true) context.notReplayed(at);
    else {
      this.reasoning = (this.reasoning ?? "") + part.text;
      this.warnMarks(part, at);
    }
  }

  private addAudio(part: AudioPart, state: JsonObject | undefined, at: string): void {
    const audio = asObject(state?.["audio"]);
    if (audio !== undefined) this.audio = { id: audio["id"] };
    else {
      this.context.notReplayed(at, { key: "messages.content.assistant-audio" });
      if (part.transcript === undefined) return;
      this.texts.push({ type: "text", text: part.transcript });
      this.warnMarks(part, at);
    }
  }

  private addCall(part: ToolCallPart, state: JsonObject | undefined, at: string): void {
    const { context } = this;
    const call: MutableJson = { id: context.callId(part.id), ...encodeCall(part) };
    if (part.argumentsText !== undefined) context.notReplayed(`${at}.argumentsText`);
    if (state?.["extra_content"] !== undefined) call["extra_content"] = state["extra_content"];
    this.calls.push(context.marked(call, part, at));
  }

  /** Warns about marks and fields of a part that becomes bare text, without an object of its own. */
  private warnMarks(part: ContentPart, at: string): void {
    const { context } = this;
    if (part.cache !== undefined) context.unsupported(`${at}.cache`);
    if (context.hasExtensions(part.extensions)) context.notReplayed(`${at}.extensions`);
  }
}

/** A call without its id. One whose arguments were cut is sent without arguments. */
function encodeCall({ name, input, arguments: given = {} }: ToolCallPart): JsonObject {
  return input === undefined
    ? { type: "function", function: { name, arguments: wellFormedJson(given) } }
    : { type: "custom", custom: { name, input } };
}
