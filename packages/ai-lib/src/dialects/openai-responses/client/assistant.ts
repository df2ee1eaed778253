import { asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type ContentPart,
  partsOf,
  type ReasoningPart,
  type SourcePart,
  type ToolCallPart,
} from "../../../core/values/message.js";
import { encodeAnnotation, isWhole } from "../shared/citations.js";
import { dropMark } from "../shared/content.js";
import type { RequestScope } from "./context.js";

/** Writes one assistant turn as items. Parts that came from one item go back as one. */
export class AssistantItems {
  readonly items: MutableJson[] = [];
  /** Item ids are held back: the reasoning they belong to was left out, and OpenAI wants both or neither. */
  private idsHeld = false;
  /** The item that the last part went into, and its id and kind. */
  private open: { readonly key: string; readonly item: MutableJson } | undefined;
  /** Calls whose own item holds the result as well. */
  private readonly settled = new Set<string>();
  private readonly parts: readonly ContentPart[];
  /** Annotations by the text that they cite, where they are whole enough to be taken. */
  private readonly cited = new Map<number, JsonObject[]>();

  constructor(
    private readonly message: AssistantMessage,
    private readonly at: string,
    private readonly scope: RequestScope,
  ) {
    if (message.cache !== undefined) dropMark(`${at}.cache`, scope);
    this.parts = partsOf(message);
    for (const part of this.parts) {
      if (part.type !== "source" || part.cites === undefined) continue;
      const annotation = encodeAnnotation(part);
      if (annotation === undefined || !isWhole(annotation)) continue;
      const cited = this.cited.get(part.cites.index);
      if (cited === undefined) this.cited.set(part.cites.index, [annotation]);
      else cited.push(annotation);
    }
    this.parts.forEach((part, i) => {
      this.add(part, i);
    });
    const fields = Object.keys(scope.extended({}, message.extensions)).length > 0;
    if (fields && !this.items.some(({ type }) => type === "message"))
      scope.losses.notReplayed(`${at}.extensions`, "the turn has no text, whose item would take them");
  }

  private add(part: ContentPart, i: number): void {
    const field = `${this.at}.content.${i}`;
    if (part.cache !== undefined) dropMark(`${field}.cache`, this.scope);
    switch (part.type) {
      case "text": {
        if (part.logprobs !== undefined)
          this.scope.losses.notReplayed(`${field}.logprobs`, "probabilities are never sent back");
        const annotations = this.cited.get(i) ?? [];
        this.addToMessage(part, field, { type: "output_text", text: part.text, annotations });
        break;
      }
      case "refusal":
        this.addToMessage(part, field, { type: "refusal", refusal: part.text });
        break;
      case "reasoning":
        this.addReasoning(part, field);
        break;
      case "tool-call":
        this.addCall(part, field);
        break;
      case "tool-result":
        this.addResult(part, field);
        break;
      case "image": {
        const state = this.scope.stateOf(part.origin);
        if (state === undefined || part.data === undefined)
          this.scope.losses.notReplayed(
            field,
            "an assistant turn takes back only pictures that its own tool made",
          );
        else this.push({ ...this.idOf(state), result: part.data }, part.extensions);
        break;
      }
      case "audio":
      case "file":
        this.scope.losses.notReplayed(field, `an assistant turn takes no ${part.type}`);
        break;
      case "source":
        this.checkSource(part, field);
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private addToMessage(part: ContentPart, field: string, json: JsonObject): void {
    const state = this.state(part, field) ?? {};
    const piece = this.scope.extended(json, part.extensions);
    const key = `message ${asString(state["id"]) ?? ""} ${asString(state["phase"]) ?? ""}`;
    if (this.open?.key === key) {
      (this.open.item["content"] as JsonObject[]).push(piece);
      return;
    }
    const item = this.push({ ...this.idOf(state), type: "message", role: "assistant", content: [piece] });
    const extended = this.scope.extended(item, this.message.extensions);
    this.items[this.items.length - 1] = extended;
    this.open = { key, item: extended };
  }

  private addReasoning(part: ReasoningPart, field: string): void {
    const state = this.scope.stateOf(part.origin);
    if (state === undefined) {
      if (part.origin !== undefined) this.scope.losses.stateDropped(field, part.origin.family);
      else this.scope.losses.notReplayed(field, "only reasoning that came from here can go back");
      this.idsHeld = true;
      return;
    }
    if (state["type"] !== "reasoning") {
      this.push(state, part.extensions);
      return;
    }
    const id = asString(state["id"]);
    const { place, ...rest } = state;
    const list = place === "content" ? "content" : "summary";
    const piece = { type: list === "content" ? "reasoning_text" : "summary_text", text: part.text };
    const key = `reasoning ${id ?? ""}`;
    if (id !== undefined && this.open?.key === key && state["encrypted_content"] === undefined) {
      if (part.text === "") return;
      const pieces = this.open.item[list] as JsonObject[] | undefined;
      if (pieces === undefined) this.open.item[list] = [piece];
      else pieces.push(piece);
      return;
    }
    if (state["encrypted_content"] === undefined && list === "summary" && !this.scope.stored) {
      this.scope.losses.notReplayed(field, "its encrypted content did not come along, and nothing is stored");
      this.idsHeld = true;
      this.open = undefined;
      return;
    }
    this.idsHeld = false;
    if (state["encrypted_content"] !== undefined) this.scope.echoesReasoning = true;
    const item = this.push({ ...this.idOf(rest), summary: [] }, part.extensions);
    if (part.text !== "") item[list] = [piece];
    this.open = { key, item };
  }

  private addCall(part: ToolCallPart, field: string): void {
    const state = this.scope.stateOf(part.origin);
    const type = this.scope.callType(part.id);
    const text = part.argumentsText ?? JSON.stringify(part.arguments ?? {});
    if (part.executedBy === "provider" && (state === undefined || type === "function_call")) {
      this.settled.add(part.id);
      this.dropForeign(part, field, "a call that another provider ran");
      return;
    }
    if (type === "function_call" || type === "custom_tool_call") {
      if (part.origin !== undefined && state === undefined)
        this.scope.losses.stateDropped(`${field}.origin`, part.origin.family);
      const given =
        type === "function_call"
          ? { arguments: text }
          : { input: asString(part.arguments?.["input"]) ?? text };
      const call = { type, call_id: this.scope.callId(part.id), name: part.name, ...given };
      this.push({ ...this.idOf(state ?? {}), ...call }, part.extensions);
      return;
    }
    // Items of built-in tools go back as they came; those that hold their result have no other.
    if (part.executedBy === "provider") this.settled.add(part.id);
    this.push(this.idOf(state ?? {}), part.extensions);
  }

  private addResult(part: Extract<ContentPart, { type: "tool-result" }>, field: string): void {
    const state = this.scope.stateOf(part.origin);
    if (state !== undefined) this.push(this.idOf(state), part.extensions);
    else if (!this.settled.has(part.id))
      this.dropForeign(part, field, "a result that another provider found");
  }

  private dropForeign(part: ContentPart, field: string, what: string): void {
    if (part.origin !== undefined) this.scope.losses.stateDropped(field, part.origin.family);
    else this.scope.losses.notReplayed(field, `${what} cannot be said here`);
  }

  /** State that goes back with a text; foreign state is named. */
  private state(part: ContentPart, field: string): JsonObject | undefined {
    const state = this.scope.stateOf(part.origin);
    if (state === undefined && part.origin !== undefined)
      this.scope.losses.stateDropped(`${field}.origin`, part.origin.family);
    return state;
  }

  private idOf(state: JsonObject): JsonObject {
    if (!this.idsHeld) return this.scope.withSendableId(state);
    const { id: _id, ...rest } = state;
    return rest;
  }

  private push(json: JsonObject, extensions?: ContentPart["extensions"]): MutableJson {
    const item = this.scope.extended({ ...json }, extensions);
    this.items.push(item);
    this.open = undefined;
    return item;
  }

  private checkSource(part: SourcePart, field: string): void {
    const annotation = encodeAnnotation(part);
    const { losses } = this.scope;
    const cited = part.cites === undefined ? undefined : this.parts[part.cites.index];
    if (annotation === undefined || !isWhole(annotation) || cited?.type !== "text")
      losses.notReplayed(
        field,
        "a source goes back only with its place in a text, a title and a URL or a file",
      );
    else {
      this.state(part, field);
      if (part.quote !== undefined)
        losses.notReplayed(`${field}.quote`, "a citation holds no words of its source");
      if (Object.keys(this.scope.extended({}, part.extensions)).length > 0)
        losses.notReplayed(`${field}.extensions`, "a citation has no place for other fields");
    }
  }
}
