import type { ChatEvent } from "../../core/values/chat-event.js";
import { isObject, tryParse } from "../../core/values/json.js";
import type { ParamsChunk, ResponseChunk } from "./llama.js";

/** Turns pieces of an answer into events of parts, in the order in which the parts start. */
export class PartNumbers {
  /** Whether the answer calls a tool. */
  calls = false;
  private next = 0;
  private open: { readonly index: number; readonly type: "text" | "reasoning" | "tool-call" } | undefined;
  private callIndex: number | undefined;

  /** @param id makes the id of a call, unique in the conversation */
  constructor(private readonly id: () => string) {}

  /** A piece of text or of reasoning. */
  *piece({ type, text }: ResponseChunk): Generator<ChatEvent> {
    if (text === "") return;
    const wanted = type === undefined ? "text" : "reasoning";
    if (this.open?.type !== wanted) {
      yield* this.close();
      this.open = { index: this.next++, type: wanted };
      yield { type: "part-start", index: this.open.index, part: { type: wanted } };
    }
    const { index } = this.open;
    yield { type: wanted === "text" ? "text-delta" : "reasoning-delta", index, text };
  }

  /** A piece of the arguments of a call. */
  *params({ callIndex, functionName, paramsChunk }: ParamsChunk): Generator<ChatEvent> {
    if (this.callIndex !== callIndex) {
      yield* this.start(functionName);
      this.callIndex = callIndex;
    }
    if (paramsChunk !== "" && this.open !== undefined)
      yield { type: "tool-call-delta", index: this.open.index, text: paramsChunk };
  }

  /** A whole call as a grammar made it; text where the answer was cut before its end. */
  *call(text: string): Generator<ChatEvent> {
    const call = readCall(text);
    if (call === undefined) {
      yield* this.piece({ type: undefined, segmentType: undefined, text });
      return;
    }
    yield* this.start(call.name);
    if (this.open !== undefined)
      yield { type: "tool-call-delta", index: this.open.index, text: call.arguments };
  }

  /** Ends the part that is open. */
  *close(): Generator<ChatEvent> {
    if (this.open !== undefined) yield { type: "part-end", index: this.open.index };
    this.open = undefined;
  }

  private *start(name: string): Generator<ChatEvent> {
    yield* this.close();
    this.calls = true;
    const index = this.next++;
    this.open = { index, type: "tool-call" };
    yield { type: "part-start", index, part: { type: "tool-call", id: this.id(), name } };
  }
}

/** The call that a grammar made of a text, if it is whole. */
function readCall(text: string): { readonly name: string; readonly arguments: string } | undefined {
  const value = tryParse(text);
  if (!isObject(value) || typeof value["name"] !== "string") return undefined;
  return { name: value["name"], arguments: JSON.stringify(value["arguments"] ?? {}) };
}
