import type { DialectTarget, StreamDecoder } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import {
  asArray,
  asNumber,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { decodeTokenLogprobs } from "../../shared/common/logprobs.js";
import { MalformedFrames, truncated } from "../../shared/common/stream-errors.js";
import { argumentsText, roleOf } from "../shared/calls.js";
import { decodeFacts } from "../shared/facts.js";
import { messagePieces, ReplyContext, reasoningPieces } from "../shared/parts.js";
import { decodeInBandError, errorIn, planLimitOf } from "./errors.js";
import { CursorSink } from "./stream-cursor.js";
import { OpenItem, OpenItems, type Slot, type SlotKind, slotAt } from "./stream-items.js";
import { StreamParts } from "./stream-parts.js";

/** Whether a whole item has the id of an item that was announced. */
function isSameItem(item: OpenItem, json: JsonObject): boolean {
  for (const key of ["id", "call_id"]) {
    const id = nonEmpty(json[key]);
    if (id !== undefined && id === item.announced[key]) return true;
  }
  return false;
}

/** Whether a whole item has the text, or the call, of an item of its type. */
function hasSameContent(item: OpenItem, json: JsonObject): boolean {
  if (item.call !== undefined) {
    const whole = argumentsText(json, item.type);
    return json["name"] === item.announced["name"] && whole.startsWith(item.call.text);
  }
  const pieces = item.type === "reasoning" ? reasoningPieces(json) : messagePieces(json);
  let whole = "";
  for (const { text, refusal } of pieces as readonly JsonObject[]) whole += asString(text ?? refusal) ?? "";
  return item.text !== "" && whole.startsWith(item.text);
}

/**
 * Decodes the dialect's events (https://platform.openai.com/docs/api-reference/responses-streaming). Items are found by
 * `output_index`, since some proxies change their id with every event. The last event repeats the whole answer, with
 * content that had no event of its own.
 */
export class OpenAIResponsesStreamDecoder implements StreamDecoder {
  private readonly context: ReplyContext;
  private readonly parts: StreamParts;
  private readonly items = new OpenItems();
  private started = false;
  private ended = false;
  /** The limit of the plan is reached: why a stream ends without an answer. */
  private planLimit: AiLibError | undefined;
  private readonly malformed: MalformedFrames;
  private readonly out: CursorSink;

  constructor(
    private readonly target: DialectTarget,
    sink: PartSink,
  ) {
    const out = new CursorSink(sink);
    this.out = out;
    this.context = new ReplyContext(target, (warning) => out.event({ type: "warning", warning }));
    this.parts = new StreamParts(out, this.context);
    this.malformed = new MalformedFrames(target, out);
  }

  frame(frame: Frame): void {
    if (this.ended || frame.data === "[DONE]") return;
    const event = tryParse(frame.data);
    try {
      if (!isObject(event)) {
        this.skip(frame.data);
        return;
      }
      this.out.cursor = asNumber(event["sequence_number"]);
      this.event(event, asString(event["type"]) ?? frame.event ?? "", frame);
    } catch (error) {
      this.fail(AiLibError.from(error, "INVALID_RESPONSE"));
    }
  }

  end(): void {
    if (this.ended) return;
    this.fail(this.planLimit ?? truncated(this.target, "the response was complete"));
  }

  private event(event: JsonObject, type: string, frame: Frame): void {
    switch (type) {
      case "response.output_text.delta":
        this.delta(event, "text", "message", "content");
        break;
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
      case "response.code_interpreter_call_code.delta":
      case "response.mcp_call_arguments.delta": {
        const item = this.items.find(event["output_index"]);
        // A call that was not announced has no name yet. Its complete form follows.
        if (item !== undefined && !item.done) this.parts.callDelta(item, asString(event["delta"]) ?? "");
        break;
      }
      case "response.reasoning_summary_text.delta":
        this.delta(event, "reasoning", "reasoning", "summary");
        break;
      case "response.reasoning_text.delta":
      case "response.reasoning.delta":
        this.delta(event, "reasoning", "reasoning", "content");
        break;
      case "response.refusal.delta":
        this.delta(event, "refusal", "message", "content");
        break;
      case "response.output_text.done":
        this.whole(event, "text", "message", "content", "text");
        break;
      case "response.refusal.done":
        this.whole(event, "refusal", "message", "content", "refusal");
        break;
      case "response.reasoning_summary_text.done":
        this.whole(event, "reasoning", "reasoning", "summary", "text");
        break;
      case "response.reasoning_text.done":
      case "response.reasoning.done":
        this.whole(event, "reasoning", "reasoning", "content", "text");
        break;
      case "response.function_call_arguments.done":
      case "response.mcp_call_arguments.done":
        this.callWhole(event, "arguments");
        break;
      case "response.custom_tool_call_input.done":
        this.callWhole(event, "input");
        break;
      case "response.code_interpreter_call_code.done":
        this.callWhole(event, "code");
        break;
      case "response.content_part.done": {
        const piece = event["part"];
        const item = this.items.find(event["output_index"]);
        if (item !== undefined && !item.done && isObject(piece))
          this.parts.piece(item, event["content_index"], piece, "part");
        break;
      }
      case "response.output_text.annotation.added": {
        const item = this.items.find(event["output_index"]);
        const slot = item && slotAt(item.content, event["content_index"], "text");
        // An annotation needs the index of its text. The end of the part repeats the list.
        if (slot === undefined || slot.index < 0) break;
        const at = event["annotation_index"];
        if (typeof at !== "number" || at >= slot.annotations)
          this.parts.annotation(slot, event["annotation"]);
        break;
      }
      case "response.output_item.added":
        if (isObject(event["item"])) this.announce(event["output_index"], event["item"]);
        break;
      case "response.output_item.done":
        if (isObject(event["item"])) this.itemDone(event["output_index"], event["item"]);
        break;
      case "response.created":
      case "response.queued":
      case "response.in_progress":
        if (isObject(event["response"])) this.start(event["response"]);
        break;
      case "response.completed":
      case "response.incomplete":
      case "response.done":
        this.finish(isObject(event["response"]) ? event["response"] : {}, type, frame);
        break;
      case "response.failed":
      case "response.cancelled":
      case "error":
        this.failWith(event, frame);
        break;
      // ChatGPT's backend for Codex: how much of the plan is used (https://github.com/openai/codex, `codex-rs/codex-api`).
      case "codex.rate_limits":
        this.planLimit = planLimitOf(event, this.target) ?? this.planLimit;
        break;
      default:
        // A 200 may have an error object alone, without a type (xAI, OpenRouter).
        if (!type.startsWith("response.") && errorIn(event) !== undefined) this.failWith(event, frame);
    }
  }

  private start(response: JsonObject): void {
    if (this.started) return;
    this.started = true;
    const id = nonEmpty(response["id"]);
    const model = nonEmpty(response["model"]);
    this.context.id = id ?? "";
    this.context.model = model ?? this.context.model;
    this.out.event({ type: "start", provider: this.target.provider, ...defined({ id, model }) });
  }

  private delta(event: JsonObject, kind: SlotKind, type: string, place: "content" | "summary"): void {
    const text = event["delta"];
    if (typeof text !== "string" || text === "") return;
    const item = this.itemOf(event, type);
    if (item === undefined) return;
    const logprobs = event["logprobs"];
    this.parts.delta(
      item,
      this.slot(item, event, kind, place),
      text,
      Array.isArray(logprobs) && logprobs.length > 0 ? decodeTokenLogprobs(logprobs) : undefined,
    );
  }

  private whole(
    event: JsonObject,
    kind: SlotKind,
    type: string,
    place: "content" | "summary",
    field: string,
  ): void {
    const text = event[field];
    if (typeof text !== "string") return;
    const item = this.itemOf(event, type);
    if (item === undefined) return;
    const at = event[place === "summary" ? "summary_index" : "content_index"];
    const slot = item.partOf(place, at, kind, text, "text");
    this.parts.whole(item, slot, text, decodeTokenLogprobs(event["logprobs"]));
  }

  /**
   * The item of a text event; undefined if it has ended. If the place is that of another kind of item (some servers
   * count wrong), it is the latest of its kind. One that was not announced starts here.
   */
  private itemOf(event: JsonObject, type: string): OpenItem | undefined {
    const at = event["output_index"];
    const item = this.items.find(at);
    if (item?.type === type) return item.done ? this.items.latest(type) : item;
    return (
      this.items.latest(type) ??
      this.items.put(item === undefined ? at : undefined, new OpenItem(type, { type }))
    );
  }

  private slot(item: OpenItem, event: JsonObject, kind: SlotKind, place: "content" | "summary"): Slot {
    return slotAt(item[place], event[place === "summary" ? "summary_index" : "content_index"], kind);
  }

  private callWhole(event: JsonObject, field: string): void {
    const item = this.items.find(event["output_index"]);
    const text = event[field];
    if (item !== undefined && !item.done && typeof text === "string") this.parts.callWhole(item, text);
  }

  private announce(at: unknown, json: JsonObject): OpenItem {
    const type = asString(json["type"]) ?? "";
    const item = this.items.put(at, new OpenItem(type, json));
    if (roleOf(type) === "call") this.parts.beginCall(item, json);
    return item;
  }

  private itemDone(at: unknown, json: JsonObject): void {
    const type = asString(json["type"]) ?? "";
    const open = this.items.find(at);
    // Another item may have taken this place since.
    const item =
      open !== undefined && !open.done && open.type === type
        ? open
        : (this.repeated(json, new Set(), true) ?? this.items.put(at, new OpenItem(type, json)));
    this.parts.end(item, json);
  }

  /**
   * The item that a whole one repeats: by its id, else by its content, since servers change the order, the places and the
   * ids of items in a list.
   * @param claimed items that other whole ones repeat.
   * @param open only items that have not ended count.
   */
  private repeated(json: JsonObject, claimed: ReadonlySet<OpenItem>, open: boolean): OpenItem | undefined {
    const items = this.items
      .ofType(asString(json["type"]) ?? "")
      .filter((item) => !claimed.has(item) && !(open && item.done));
    return items.find((item) => isSameItem(item, json)) ?? items.find((item) => hasSameContent(item, json));
  }

  private finish(response: JsonObject, type: string, frame: Frame): void {
    const status = response["status"];
    if (status === "failed" || status === "cancelled" || errorIn(response) !== undefined) {
      this.failWith({ response }, frame);
      return;
    }
    this.start(response);
    this.addRest(asArray(response["output"]));
    const given = type === "response.incomplete" && status === undefined ? "incomplete" : status;
    const facts = decodeFacts({ ...response, status: given });
    for (const item of this.items.all())
      if (!item.done) this.parts.abandon(item, facts.finishReason === "length");
    this.ended = true;
    this.out.finish(facts);
  }

  /**
   * Adds items of the last event that had no event of their own. Its list may have another order than the events, and
   * other ids (OpenRouter): an item that none before it repeats counts as new only if the list has more items of its
   * type than there were events.
   */
  private addRest(output: readonly unknown[]): void {
    const claimed = new Set<OpenItem>();
    const rest: JsonObject[] = [];
    for (const json of output) {
      if (!isObject(json)) continue;
      const item = this.repeated(json, claimed, false);
      if (item === undefined) rest.push(json);
      else this.claim(item, json, claimed);
    }
    for (const json of rest) {
      const item = this.items.ofType(asString(json["type"]) ?? "").find((one) => !claimed.has(one));
      if (item !== undefined) this.claim(item, json, claimed);
      else {
        const added = this.items.put(undefined, new OpenItem(asString(json["type"]) ?? "", json));
        this.claim(added, json, claimed);
      }
    }
  }

  private claim(item: OpenItem, json: JsonObject, claimed: Set<OpenItem>): void {
    claimed.add(item);
    if (!item.done) this.parts.end(item, json);
  }

  private skip(data: string): void {
    const calling = [...this.items.all()].some((item) => item.call !== undefined && !item.done);
    const failure = this.malformed.skip(data, calling);
    if (failure !== undefined) this.fail(failure);
    else if (this.malformed.any) this.parts.damaged = true;
  }

  private failWith(event: JsonObject, frame: Frame): void {
    this.fail(decodeInBandError(event, frame.data, this.target));
  }

  private fail(error: AiLibError): void {
    if (this.ended) return;
    this.ended = true;
    this.out.fail(error);
  }
}
