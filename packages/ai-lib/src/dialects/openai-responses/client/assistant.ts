import { asArray, asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type ContentPart,
  partsOf,
  type ReasoningPart,
  type SourcePart,
  type ToolCallPart,
  type ToolResultPart,
} from "../../../core/values/message.js";
import { wellFormedJson } from "../../shared/common/well-formed.js";
import { encodeAnnotation, isWhole } from "../shared/citations.js";
import { encodePhase } from "../shared/phase.js";
import type { OpenAIResponsesContext } from "./context.js";

/** Encodes a model's turn as items. Parts that came from one item are sent back as one. */
export class AssistantTurn {
  readonly items: MutableJson[] = [];
  /** Ids of items are left out: OpenAI demands the reasoning that they belong to, which was left out. */
  private withoutIds = false;
  /** The item that the last part was added to, and its kind and id. */
  private open: { readonly key: string; readonly item: MutableJson } | undefined;
  /** Calls whose item also has the result. */
  private readonly settled = new Set<string>();
  private readonly parts: readonly ContentPart[];
  /** The annotations that OpenAI accepts, by the position of the text that they support. */
  private readonly annotations = new Map<number, JsonObject[]>();

  constructor(
    private readonly message: AssistantMessage,
    private readonly at: string,
    private readonly context: OpenAIResponsesContext,
  ) {
    if (message.cache !== undefined) context.dropMark(at);
    this.parts = partsOf(message);
    for (const part of this.parts) if (part.type === "source") this.annotate(part);
    this.parts.forEach((part, i) => {
      this.add(part, i);
    });
    if (context.hasExtensions(message.extensions) && !this.items.some(isText))
      context.notReplayed(`${at}.extensions`);
  }

  private add(part: ContentPart, i: number): void {
    const { context } = this;
    const at = `${this.at}.content.${i}`;
    if (part.cache !== undefined) context.dropMark(at);
    switch (part.type) {
      case "text": {
        if (part.logprobs !== undefined) context.notReplayed(`${at}.logprobs`);
        const annotations = this.annotations.get(i) ?? [];
        this.addToMessage(part, at, { type: "output_text", text: part.text, annotations });
        break;
      }
      case "refusal":
        this.addToMessage(part, at, { type: "refusal", refusal: part.text });
        break;
      case "reasoning":
        this.addReasoning(part, at);
        break;
      case "tool-call":
        this.addCall(part, at);
        break;
      case "tool-result":
        this.addResult(part, at);
        break;
      case "image": {
        const state = context.stateOf(part.origin);
        if (state === undefined || part.data === undefined)
          context.notReplayed(at, { key: "messages.content.assistant-media" });
        else this.push({ ...this.identified(state), result: part.data }, part.extensions);
        break;
      }
      case "compaction": {
        const state = context.stateOf(part.origin, at);
        if (state !== undefined) this.push(this.identified(state), part.extensions);
        else if (part.origin === undefined) context.notReplayed(at);
        break;
      }
      case "audio":
      case "file":
        context.notReplayed(at, { key: "messages.content.assistant-media" });
        break;
      case "source":
        this.warnSource(part, at);
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private addToMessage(part: ContentPart, at: string, json: JsonObject): void {
    const { context } = this;
    const known = context.stateOf(part.origin, `${at}.origin`) ?? {};
    const phase = part.type === "text" ? encodePhase(part.phase) : undefined;
    const state = phase === undefined ? known : { ...known, phase };
    const piece = context.extended(json, part.extensions);
    const item = this.identified(state);
    // The list of pieces is declared for stored items, which have an id. A text without one is an input message. Fields of
    // its own, or of a turn of several parts, go on an item.
    const { status: _status, type: _type, phase: _phase, ...fields } = item;
    const single = this.parts.length === 1 || !context.hasExtensions(this.message.extensions);
    if (single && Object.keys(fields).length === 0 && isPlainText(piece)) {
      const input = { role: "assistant", content: piece["text"], phase: item["phase"] };
      this.push(input, this.message.extensions);
      return;
    }
    const key = `message ${asString(state["id"]) ?? ""} ${asString(state["phase"]) ?? ""}`;
    if (this.open?.key === key) {
      (this.open.item["content"] as JsonObject[]).push(piece);
      return;
    }
    const content = { type: "message", role: "assistant", content: [piece] };
    this.open = { key, item: this.push({ ...item, ...content }, this.message.extensions) };
  }

  private addReasoning(part: ReasoningPart, at: string): void {
    const { context } = this;
    const state = context.stateOf(part.origin, at);
    if (state === undefined) {
      if (part.origin === undefined) context.notReplayed(at);
      this.withoutIds = true;
      return;
    }
    if (state["type"] !== "reasoning") {
      this.push(state, part.extensions);
      return;
    }
    const id = asString(state["id"]);
    const encrypted = state["encrypted_content"] !== undefined;
    const { place, ...rest } = state;
    const list = place === "content" ? "content" : "summary";
    const piece = { type: list === "content" ? "reasoning_text" : "summary_text", text: part.text };
    const key = `reasoning ${id ?? ""}`;
    if (id !== undefined && this.open?.key === key && !encrypted) {
      if (part.text === "") return;
      const pieces = this.open.item[list] as JsonObject[] | undefined;
      if (pieces === undefined) this.open.item[list] = [piece];
      else pieces.push(piece);
      return;
    }
    if (!encrypted && list === "summary" && !context.stored) {
      context.notReplayed(at, { reason: "it has no encrypted content, and nothing is stored" });
      this.withoutIds = true;
      this.open = undefined;
      return;
    }
    this.withoutIds = false;
    if (encrypted) context.echoesReasoning = true;
    const item = this.push({ ...this.identified(rest), summary: [] }, part.extensions);
    if (part.text !== "") item[list] = [piece];
    this.open = { key, item };
  }

  private addCall(part: ToolCallPart, at: string): void {
    const { context } = this;
    const state = context.stateOf(part.origin);
    const type = context.callType(part.id);
    if (part.executedBy === "provider" && (state === undefined || type === "function_call")) {
      this.settled.add(part.id);
      this.drop(part, at);
      return;
    }
    if (type === "function_call" || type === "custom_tool_call") {
      context.stateOf(part.origin, `${at}.origin`);
      const text = part.argumentsText ?? wellFormedJson(part.arguments ?? {});
      const given =
        type === "function_call"
          ? { arguments: text }
          : { input: part.input ?? asString(part.arguments?.["input"]) ?? text };
      // A tool of a namespace has its own name in the state.
      const name = asString(state?.["name"]) ?? part.name;
      const call = { type, call_id: context.callId(part.id), name, ...given };
      this.push({ ...this.identified(state ?? {}), ...call }, part.extensions);
      return;
    }
    // The item of a built-in tool is sent back unchanged. It may have the result as well.
    if (part.executedBy === "provider") this.settled.add(part.id);
    this.push(this.identified(state ?? {}), part.extensions);
  }

  private addResult(part: ToolResultPart, at: string): void {
    const state = this.context.stateOf(part.origin);
    if (state !== undefined) this.push(this.identified(state), part.extensions);
    else if (!this.settled.has(part.id)) this.drop(part, at);
  }

  /** Leaves out a call that another provider ran, or its result. */
  private drop(part: ToolCallPart | ToolResultPart, at: string): void {
    this.context.dropPart(part.origin, at, { key: "messages.content.tool-call.executedBy" });
  }

  private identified(state: JsonObject): JsonObject {
    if (!this.withoutIds) return this.context.withSendableId(state);
    const { id: _id, ...rest } = state;
    return rest;
  }

  private push(json: JsonObject, extensions: ContentPart["extensions"]): MutableJson {
    const item = this.context.extended({ ...json }, extensions);
    this.items.push(item);
    this.open = undefined;
    return item;
  }

  private annotate(part: SourcePart): void {
    const annotation = encodeAnnotation(part);
    if (part.cites === undefined || annotation === undefined || !isWhole(annotation)) return;
    const list = this.annotations.get(part.cites.index);
    if (list === undefined) this.annotations.set(part.cites.index, [annotation]);
    else list.push(annotation);
  }

  private warnSource(part: SourcePart, at: string): void {
    const { context } = this;
    const annotation = encodeAnnotation(part);
    const cited = part.cites === undefined ? undefined : this.parts[part.cites.index];
    if (annotation === undefined || !isWhole(annotation) || cited?.type !== "text") {
      context.notReplayed(at);
      return;
    }
    context.stateOf(part.origin, `${at}.origin`);
    if (part.quote !== undefined) context.notReplayed(`${at}.quote`);
    if (context.hasExtensions(part.extensions)) context.notReplayed(`${at}.extensions`);
  }
}

/** Whether an item is a text of the turn: a stored one, or an input message. */
function isText({ type, role }: JsonObject): boolean {
  return type === "message" || role === "assistant";
}

/** Whether a piece has only its text. */
function isPlainText({ type, annotations, ...rest }: JsonObject): boolean {
  return type === "output_text" && asArray(annotations).length === 0 && Object.keys(rest).join() === "text";
}
