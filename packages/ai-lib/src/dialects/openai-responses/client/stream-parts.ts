import type { PartSink } from "../../../core/contract/sink.js";
import { AiLibError } from "../../../core/errors/error.js";
import { asArray, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin, TokenLogprob } from "../../../core/values/message.js";
import { defined } from "../../shared/common/body-fields.js";
import { decodeTokenLogprobs } from "../../shared/common/logprobs.js";
import { restOf } from "../../shared/common/repeats.js";
import { argumentsText, type CallHead, decodeHead, isTextCall, rawFieldOf, roleOf } from "../shared/calls.js";
import { decodeAnnotation } from "../shared/citations.js";
import {
  callOrigin,
  decodeItem,
  findingOf,
  isReadable,
  messageState,
  type ReplyContext,
  reasoningPieces,
  reasoningState,
  skipNameless,
} from "../shared/parts.js";
import { decodePhase } from "../shared/phase.js";
import { type OpenItem, Slot, type WholeEvent } from "./stream-items.js";

/** Emits the parts of a stream's items. A part starts with its first content, so that none is empty. */
export class StreamParts {
  /** A frame was skipped: a complete text that differs from its deltas then means that content is missing. */
  damaged = false;
  private next = 0;

  constructor(
    private readonly out: PartSink,
    private readonly context: ReplyContext,
  ) {}

  /** Emits a delta of text, refusal or reasoning. */
  delta(item: OpenItem, slot: Slot, text: string, logprobs: readonly TokenLogprob[] | undefined): void {
    const { kind } = slot;
    if (kind === "tool-call") return;
    if (slot.index < 0) {
      slot.index = this.next++;
      const state =
        item.type === "reasoning"
          ? reasoningState(item.announced, false, item.content.includes(slot))
          : messageState(item.announced);
      this.out.event({
        type: "part-start",
        index: slot.index,
        part:
          kind === "text"
            ? { type: kind, ...defined({ phase: decodePhase(item.announced["phase"]) }) }
            : { type: kind },
        ...defined({ origin: state && this.context.origin(state) }),
      });
    }
    slot.joined.add(text);
    const type = kind === "text" ? "text-delta" : kind === "reasoning" ? "reasoning-delta" : "refusal-delta";
    if (logprobs === undefined) this.out.event({ type, index: slot.index, text });
    else this.out.event({ type, index: slot.index, text, logprobs });
  }

  /**
   * Emits what the complete text of a part has beyond its deltas.
   * @throws {AiLibError} `INVALID_RESPONSE` if a skipped frame had some of it.
   */
  whole(item: OpenItem, slot: Slot, text: string, logprobs: readonly TokenLogprob[] | undefined): void {
    const rest = restOf(slot.text, text);
    if (rest !== "") this.delta(item, slot, rest, slot.text === "" ? logprobs : undefined);
    this.checkLoss(slot, text);
  }

  /** Emits what a complete content part has beyond its deltas and the events of its annotations. */
  piece(item: OpenItem, at: unknown, piece: JsonObject, event: WholeEvent): void {
    if (piece["type"] === "reasoning_text") {
      const text = asString(piece["text"]) ?? "";
      this.whole(item, item.partOf("content", at, "reasoning", text, event), text, undefined);
      return;
    }
    if (!isReadable(piece)) return;
    const refusal = piece["type"] === "refusal";
    const text = asString(piece[refusal ? "refusal" : "text"]) ?? "";
    const slot = item.partOf("content", at, refusal ? "refusal" : "text", text, event);
    this.whole(item, slot, text, decodeTokenLogprobs(piece["logprobs"]));
    const annotations = asArray(piece["annotations"]);
    while (slot.annotations < annotations.length) this.annotation(slot, annotations[slot.annotations]);
  }

  /** Emits the next annotation of a text. */
  annotation(slot: Slot, value: unknown): void {
    slot.annotations++;
    const source = decodeAnnotation(value, slot.index < 0 ? undefined : slot.index, this.context.origin);
    if (source !== undefined) this.part(source);
  }

  /** Emits a complete part. */
  part(part: ContentPart): void {
    this.out.event({ type: "part", index: this.next++, part });
  }

  /** Starts the call of an item once its name is known. */
  beginCall(item: OpenItem, json: JsonObject): void {
    const head = decodeHead(json, item.type);
    if (head.name !== "") this.startCall(item, head, json);
  }

  private startCall(item: OpenItem, head: CallHead, json: JsonObject): Slot {
    const slot = new Slot("tool-call");
    const asText = isTextCall(json, item.type);
    if (!asText) slot.wrap = rawFieldOf(item.type);
    slot.index = this.next++;
    item.call = slot;
    const id = head.id === "" ? this.context.syntheticId() : head.id;
    if (head.byProvider && item.type === "tool_search_call") this.context.search = id;
    this.out.event({
      type: "part-start",
      index: slot.index,
      part: {
        type: "tool-call",
        id,
        name: head.name,
        ...(asText ? { inputEncoding: "text" as const } : {}),
        ...(head.byProvider ? { executedBy: "provider" as const } : {}),
      },
      ...callOrigin(json, item.type, this.context),
    });
    return slot;
  }

  /** Emits a delta of arguments. Text that is not JSON (code) becomes a string in an object. */
  callDelta(item: OpenItem, text: string): void {
    const slot = item.call;
    if (slot === undefined || text === "") return;
    const { wrap } = slot;
    if (wrap === undefined) this.out.event({ type: "tool-call-delta", index: slot.index, text });
    else {
      const escaped = JSON.stringify(text).slice(1, -1);
      const open = slot.text === "" ? `{${JSON.stringify(wrap)}:"` : "";
      this.out.event({ type: "tool-call-delta", index: slot.index, text: open + escaped });
    }
    slot.joined.add(text);
  }

  /** Emits what the complete arguments of a call have beyond their deltas. */
  callWhole(item: OpenItem, text: string): void {
    if (item.call === undefined) return;
    this.callDelta(item, restOf(item.call.text, text));
    this.checkLoss(item.call, text);
  }

  /** Ends an item with its complete form. */
  end(item: OpenItem, json: JsonObject): void {
    item.done = true;
    switch (item.type) {
      case "message": {
        const { content } = json;
        if (typeof content === "string") this.piece(item, 0, { type: "output_text", text: content }, "item");
        asArray(content).forEach((piece, at) => {
          if (isObject(piece)) this.piece(item, at, piece, "item");
        });
        const data = messageState(json);
        for (const slot of item.begun()) this.close(slot.index, data && this.context.origin(data));
        break;
      }
      case "reasoning":
        this.endReasoning(item, json);
        break;
      default:
        if (roleOf(item.type) === "call") this.endCall(item, json);
        else for (const part of decodeItem(json, this.next, this.context)) this.part(part);
    }
  }

  /**
   * Ends an item that has no complete form. One without any content is what announced it. A call stays incomplete if
   * the answer was cut.
   */
  abandon(item: OpenItem, cut: boolean): void {
    const slot = item.call;
    const begun = item.begun();
    if (!cut && begun.length === 0 && (slot?.text ?? "") === "") {
      this.end(item, item.announced);
      return;
    }
    item.done = true;
    if (slot !== undefined) {
      if (slot.text !== "" && slot.wrap !== undefined && !cut) this.closeRaw(slot);
      const { origin } = callOrigin(item.announced, item.type, this.context);
      this.close(slot.index, origin, cut && isTextCall(item.announced, item.type));
    }
    const data = item.type === "message" ? messageState(item.announced) : undefined;
    begun.forEach((one, i) => {
      const state = item.type === "reasoning" ? reasoningState(item.announced, i === 0, false) : data;
      this.close(one.index, state && this.context.origin(state));
    });
  }

  private endReasoning(item: OpenItem, json: JsonObject): void {
    const begun = item.begun();
    const pieces = reasoningPieces(json);
    // Deltas may belong to a summary although the complete item has content; then the item decides.
    if (begun.length === pieces.length || pieces.length === 0) {
      begun.forEach((slot, i) => {
        const piece = pieces[i];
        if (piece !== undefined) this.whole(item, slot, piece.text, undefined);
        const inContent = piece?.inContent ?? item.content.includes(slot);
        this.endReasoningPart(slot, json, i === 0, inContent);
      });
      if (begun.length === 0) for (const part of decodeItem(json, this.next, this.context)) this.part(part);
      return;
    }
    const counts = { summary: 0, content: 0 };
    const slots = pieces.map((piece) => {
      const place = piece.inContent ? "content" : "summary";
      const slot = item.partOf(place, counts[place]++, "reasoning", piece.text, "item");
      this.whole(item, slot, piece.text, undefined);
      return slot;
    });
    slots.forEach((slot, i) => {
      this.endReasoningPart(slot, json, i === 0, pieces[i]?.inContent ?? false);
    });
  }

  private endReasoningPart(slot: Slot, json: JsonObject, first: boolean, inContent: boolean): void {
    const data = reasoningState(json, first, inContent);
    this.close(slot.index, data && this.context.origin(data));
  }

  private endCall(item: OpenItem, json: JsonObject): void {
    const { type } = item;
    const head = decodeHead(json, type);
    const text = argumentsText(json, type);
    if (item.call === undefined && head.name === "") {
      skipNameless(text, this.context);
      return;
    }
    const slot = item.call ?? this.startCall(item, head, json);
    const given = json[rawFieldOf(type) ?? "arguments"];
    const incomplete = json["status"] === "incomplete";
    if (slot.text === "") {
      if (text !== "") this.out.event({ type: "tool-call-delta", index: slot.index, text });
    } else {
      if (typeof given === "string") this.callWhole(item, given);
      if (slot.wrap !== undefined && !incomplete) this.closeRaw(slot);
    }
    this.close(slot.index, callOrigin(json, type, this.context).origin, incomplete && isTextCall(json, type));
    const id = head.id === "" ? undefined : head.id;
    const found = id === undefined ? undefined : findingOf(json, type, head);
    if (found !== undefined) this.part(found);
  }

  private closeRaw(slot: Slot): void {
    this.out.event({ type: "tool-call-delta", index: slot.index, text: '"}' });
  }

  private close(index: number, origin: Origin | undefined, cut = false): void {
    if (index < 0) return;
    if (cut) this.out.event({ type: "part-end", index, ...defined({ origin }), cut: true });
    else
      this.out.event(
        origin === undefined ? { type: "part-end", index } : { type: "part-end", index, origin },
      );
  }

  private checkLoss(slot: Slot, whole: string): void {
    if (this.damaged && slot.text !== whole)
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: "A frame of the stream was not JSON, and part of the answer is missing",
      });
  }
}
