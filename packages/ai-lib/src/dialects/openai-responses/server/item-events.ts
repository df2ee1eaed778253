import type { Frame } from "../../../core/contract/transport.js";
import type { DeltaEvent } from "../../../core/values/chat-event.js";
import type { JsonObject } from "../../../core/values/json.js";
import { encodeTokenLogprobs } from "../../shared/common/logprobs.js";
import { streamJson } from "../../shared/common/stream-json.js";
import { TextTemplate } from "../../shared/common/text-template.js";
import type { WrittenItem, WrittenPart } from "./items.js";

/** Tools whose progress has events of its own, between the item's start and its end. */
const PROGRESS: ReadonlySet<string> = new Set([
  "web_search_call",
  "file_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "mcp_call",
  "mcp_list_tools",
]);

/** Writes the events of items, with the sequence numbers that SDKs expect. */
export class ItemEvents {
  private next = 0;

  /** @param write takes the frames; without it nothing is written. */
  constructor(private readonly write: ((frame: Frame) => void) | undefined) {}

  send(type: string, fields: JsonObject): void {
    if (this.write === undefined) return;
    this.write({ event: type, data: streamJson({ type, sequence_number: this.next++, ...fields }) });
  }

  itemAdded(item: WrittenItem): void {
    this.send("response.output_item.added", { output_index: item.at, item: item.announced() });
    if (PROGRESS.has(item.type)) this.onItem(`response.${item.type}.in_progress`, item, {});
  }

  partAdded(part: WrittenPart): void {
    if (part.kind === "summary")
      this.onPart("response.reasoning_summary_part.added", part, { part: part.json() });
    else this.onPart("response.content_part.added", part, { part: part.json() });
  }

  delta(part: WrittenPart, event: DeltaEvent): void {
    const delta = event.text;
    switch (part.kind) {
      case "text":
        if (event.logprobs === undefined) this.piece("response.output_text.delta", part, delta);
        else {
          const logprobs = encodeTokenLogprobs(event.logprobs);
          this.onPart("response.output_text.delta", part, { delta, logprobs });
        }
        break;
      case "refusal":
        this.piece("response.refusal.delta", part, delta);
        break;
      case "summary":
        this.piece("response.reasoning_summary_text.delta", part, delta);
        break;
      case "content":
        this.piece("response.reasoning_text.delta", part, delta);
        break;
      case "input":
        this.piece("response.custom_tool_call_input.delta", part, delta);
        break;
      case "call":
        // Arguments that the contract wraps (code) are written when they are complete.
        if (part.item.type === "function_call" || part.item.type === "mcp_call")
          this.piece(`response.${part.item.type}_arguments.delta`, part, delta);
        break;
      default: {
        const never: never = part.kind;
        throw new TypeError(`Unknown kind ${String(never)}`);
      }
    }
  }

  annotationAdded(text: WrittenPart, annotation: JsonObject, annotation_index: number): void {
    this.onPart("response.output_text.annotation.added", text, { annotation_index, annotation });
  }

  /** Ends an item: first its parts, then the item itself. */
  itemDone(item: WrittenItem): void {
    if (this.write === undefined) return;
    const json = item.json();
    for (const part of item.parts) this.partDone(part);
    switch (item.type) {
      case "function_call":
      case "mcp_call":
        this.onItem(`response.${item.type}_arguments.done`, item, {
          name: json["name"],
          arguments: json["arguments"],
        });
        break;
      case "custom_tool_call":
        if (!item.streamsInput)
          this.onItem("response.custom_tool_call_input.delta", item, { delta: json["input"] });
        this.onItem("response.custom_tool_call_input.done", item, { input: json["input"] });
        break;
      case "code_interpreter_call":
        this.onItem("response.code_interpreter_call_code.done", item, { code: json["code"] });
        break;
      default:
    }
    if (PROGRESS.has(item.type)) {
      const failed = json["status"] === "failed" && item.type.startsWith("mcp_");
      this.onItem(`response.${item.type}.${failed ? "failed" : "completed"}`, item, {});
    }
    this.send("response.output_item.done", { output_index: item.at, item: json });
  }

  private partDone(part: WrittenPart): void {
    const json = part.json();
    const { text } = part;
    switch (part.kind) {
      case "text":
        this.onPart("response.output_text.done", part, { text, logprobs: json["logprobs"] });
        break;
      case "refusal":
        this.onPart("response.refusal.done", part, { refusal: text });
        break;
      case "summary":
        this.onPart("response.reasoning_summary_text.done", part, { text });
        this.onPart("response.reasoning_summary_part.done", part, { part: json });
        return;
      case "content":
        this.onPart("response.reasoning_text.done", part, { text });
        break;
      case "call":
      case "input":
        return;
      default: {
        const never: never = part.kind;
        throw new TypeError(`Unknown kind ${String(never)}`);
      }
    }
    this.onPart("response.content_part.done", part, { part: json });
  }

  /** Writes a delta of a part. All of them are the same but for their number and their text. */
  private piece(type: string, part: WrittenPart, text: string): void {
    if (this.write === undefined) return;
    part.deltas ??= new TextTemplate((delta) => ({
      ...placeOf(part),
      delta,
      ...(part.kind === "text" && { logprobs: [] }),
    }));
    const head = `{"type":"${type}","sequence_number":${this.next++},`;
    this.write({ event: type, data: head + part.deltas.json(text).slice(1) });
  }

  private onPart(type: string, part: WrittenPart, fields: JsonObject): void {
    this.send(type, { ...placeOf(part), ...fields });
  }

  private onItem(type: string, item: WrittenItem, fields: JsonObject): void {
    this.send(type, { item_id: item.id, output_index: item.at, ...fields });
  }
}

/** The position of a part. A call and its input are separate items. */
function placeOf({ kind, item, place }: WrittenPart): JsonObject {
  const of = { item_id: item.id, output_index: item.at };
  if (kind === "call" || kind === "input") return of;
  return kind === "summary" ? { ...of, summary_index: place } : { ...of, content_index: place };
}
