import { extensionsFor } from "../../../core/contract/dialect.js";
import {
  asArray,
  type Json,
  type JsonObject,
  type MutableJson,
  mergeDeep,
} from "../../../core/values/json.js";
import type {
  ContentPart,
  Origin,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from "../../../core/values/message.js";
import { familyOf } from "../shared/quirks.js";
import { DIALECT_FAMILY } from "../shared/state.js";
import { cacheControl } from "./cache.js";
import type { MessageContext } from "./messages.js";
import { encodePart } from "./parts.js";

/** Gathers the parts of one assistant turn: the dialect has one place for each kind, so their order is lost. */
export class AssistantWriter {
  private readonly texts: JsonObject[] = [];
  private plain = true;
  private refusal: string | undefined;
  private reasoning: string | undefined;
  private details: Json[] | undefined;
  private audio: JsonObject | undefined;
  private extra: JsonObject | undefined;
  private readonly calls: JsonObject[] = [];

  constructor(private readonly context: MessageContext) {}

  add(part: ContentPart, at: string): void {
    const state = this.stateOf(part.origin, at, part.type);
    switch (part.type) {
      case "text":
        this.addText(part, state, at);
        break;
      case "reasoning":
        this.addReasoning(part, state, at);
        break;
      case "refusal":
        this.refusal = (this.refusal ?? "") + part.text;
        this.noteMarks(part, at);
        break;
      case "tool-call":
        if (part.executedBy === undefined) this.addCall(part, state, at);
        else this.leave(at, "what the provider's own tool did stays in its text");
        break;
      case "tool-result":
        this.leave(at, "what the provider's own tool found stays in its text");
        break;
      case "audio":
        this.audio =
          state?.["audio"] === undefined ? this.audio : { id: (state["audio"] as JsonObject)["id"] };
        if (state?.["audio"] !== undefined) break;
        if (part.transcript !== undefined) {
          this.context.losses.changed(at, "an earlier spoken answer goes back as its transcript");
          this.texts.push({ type: "text", text: part.transcript });
          this.noteMarks(part, at);
        } else this.leave(at, "an earlier spoken answer cannot be sent back");
        break;
      case "image":
      case "file":
        this.leave(at, `an assistant turn cannot hold a ${part.type}`);
        break;
      case "source":
        this.leave(at, "sources of an earlier answer are not sent back");
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /** The turn; undefined where nothing is left of it and the endpoint refuses empty ones. */
  message(at: string): MutableJson | undefined {
    const { quirks, losses } = this.context;
    const message: MutableJson = { role: "assistant" };
    const content = this.content();
    const empty =
      content === "" && this.calls.length === 0 && this.refusal === undefined && this.audio === undefined;
    if (empty && quirks.noEmptyAssistant === true) {
      losses.changed(at, "this endpoint refuses an empty assistant turn; it was left out");
      return undefined;
    }
    if (content !== "" || empty) message["content"] = content;
    else if (quirks.emptyContent !== "omit") message["content"] = quirks.emptyContent === "empty" ? "" : null;
    if (this.refusal !== undefined) message["refusal"] = this.refusal;
    if (this.audio !== undefined) message["audio"] = this.audio;
    this.encodeReasoning(message);
    if (this.extra !== undefined) message["extra_content"] = this.extra;
    if (this.calls.length > 0) message["tool_calls"] = this.calls;
    return message;
  }

  private content(): string | JsonObject[] {
    if (!this.plain) return this.texts;
    return this.texts.map((part) => part["text"]).join("");
  }

  private encodeReasoning(message: MutableJson): void {
    const { reasoningHistory: field, reasoningHistoryRequired } = this.context.quirks;
    if (this.details !== undefined) message["reasoning_details"] = this.details;
    if (field === undefined || field === "none" || field === "reasoning_details") return;
    const text = this.reasoning ?? (reasoningHistoryRequired === true ? "" : undefined);
    if (text !== undefined) message[field] = text;
  }

  private addText(part: TextPart, state: JsonObject | undefined, at: string): void {
    const extra = state?.["extra_content"];
    if (extra !== undefined) this.extra = extra as JsonObject;
    if (part.logprobs !== undefined)
      this.leave(`${at}.logprobs`, "log probabilities are no part of a prompt");
    const written = encodePart(part, at, this.context);
    if (Object.keys(written).length > 2) this.plain = false;
    this.texts.push(written);
  }

  private addReasoning(part: ReasoningPart, state: JsonObject | undefined, at: string): void {
    const field = this.context.quirks.reasoningHistory ?? "none";
    const details = asArray(state?.["reasoning_details"]);
    if (details.length > 0 && field === "reasoning_details") {
      this.details ??= [];
      this.details.push(...(details as Json[]));
      return;
    }
    if (part.origin !== undefined && state === undefined) return;
    if (field === "none" || field === "reasoning_details" || part.redacted === true)
      this.leave(at, "this endpoint takes no earlier reasoning back");
    else {
      this.reasoning = (this.reasoning ?? "") + part.text;
      this.noteMarks(part, at);
    }
  }

  private addCall(part: ToolCallPart, state: JsonObject | undefined, at: string): void {
    if (part.arguments === undefined)
      this.context.losses.changed(
        at,
        "the arguments were cut by the token limit; the call goes back without any",
      );
    let call: JsonObject = {
      id: this.context.ids.of(part.id),
      type: "function",
      function: { name: part.name, arguments: JSON.stringify(part.arguments ?? {}) },
    };
    if (state?.["extra_content"] !== undefined) call = { ...call, extra_content: state["extra_content"] };
    call = { ...call, ...cacheControl(part.cache, at, this.context.quirks, this.context.losses) };
    for (const extension of extensionsFor(part.extensions, "openai-chat", this.context.target.provider))
      call = mergeDeep(call, extension);
    this.calls.push(call);
  }

  /** A refusal, spoken words and thinking are mere text, with no object for a mark or vendor fields. */
  private noteMarks(part: ContentPart, at: string): void {
    if (part.cache !== undefined)
      this.context.losses.unsupported(`${at}.cache`, `a part of type ${part.type} takes no cache mark`);
    if (extensionsFor(part.extensions, "openai-chat", this.context.target.provider).length > 0)
      this.leave(`${at}.extensions`, `a part of type ${part.type} is mere text`);
  }

  /** The state of a part, where this endpoint can read it; otherwise it is left out with a warning. */
  private stateOf(origin: Origin | undefined, at: string, type: ContentPart["type"]): JsonObject | undefined {
    if (origin === undefined) return undefined;
    const { target, quirks, losses } = this.context;
    const ours = origin.family === familyOf(target, quirks) || origin.family === DIALECT_FAMILY;
    if (ours && (origin.account === undefined || origin.account === target.account)) return origin.data;
    // Text, calls and pictures go on without their state; reasoning without its state is another model's.
    losses.stateDropped(type === "reasoning" ? at : `${at}.origin`, origin.family);
    return undefined;
  }

  private leave(field: string, why: string): void {
    this.context.losses.warnings.push({
      code: "state-dropped",
      field,
      message: `"${field}" was left out: ${why}`,
    });
  }
}
