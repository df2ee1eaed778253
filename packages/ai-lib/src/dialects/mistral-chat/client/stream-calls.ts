import type { PartSink } from "../../../core/contract/sink.js";
import { AiLibError } from "../../../core/errors/error.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import { asNumber, asString, type JsonObject } from "../../../core/values/json.js";
import { decodeCallPiece, inventedId } from "./tool-call.js";

/** Calls that one answer may make, and characters of arguments that may wait for their call's name. */
const MAX_CALLS = 4_096;
const MAX_WAITING = 1024 * 1024;

interface Call {
  /** The provider's id; `""` until it came. */
  id: string;
  /** The id that was told; undefined until the call has begun, which its name decides. */
  told: string | undefined;
  name: string;
  part: number;
  text: string;
  /** What the provider found when it ran the call itself. */
  result: { readonly part: number; text: string } | undefined;
}

/**
 * The calls of a stream. Mistral sends them whole, or in pieces that share an index; older models leave the index
 * out (recordings `test-synchronous-streaming-chat-completions-with-tool-call-*`), others repeat the name as `""`
 * (recording `mistral-incremental-tool-call`).
 */
export class StreamedCalls {
  /** A violation that the answer cannot survive. */
  failure: AiLibError | undefined;
  private readonly all: Call[] = [];
  private readonly byIndex = new Map<number, Call>();
  private last: Call | undefined;

  constructor(
    private readonly out: PartSink,
    private readonly nextIndex: () => number,
  ) {}

  /** Whether a call has begun. */
  get any(): boolean {
    return this.last !== undefined;
  }

  /** Takes an entry of a delta's `tool_calls`. */
  add(entry: JsonObject, answerId: unknown): void {
    const { id, name, text } = decodeCallPiece(entry);
    const call = this.find(asNumber(entry["index"]), id, name);
    if (call === undefined) return;
    if (call.id === "") call.id = id;
    if (call.name === "") call.name = name;
    if (text !== undefined) call.text += text;
    if (call.told === undefined) {
      if (call.name === "") {
        if (call.text.length > MAX_WAITING) this.refuse("named a tool too late");
        return;
      }
      call.told = call.id === "" ? inventedId(asString(answerId), this.all.indexOf(call)) : call.id;
      call.part = this.nextIndex();
      this.out.event({
        type: "part-start",
        index: call.part,
        part: { type: "tool-call", id: call.told, name: call.name },
      });
      if (call.text !== "") this.out.event({ type: "tool-call-delta", index: call.part, text: call.text });
    } else if (text !== undefined && text !== "")
      this.out.event({ type: "tool-call-delta", index: call.part, text });
  }

  private find(index: number | undefined, id: string, name: string): Call | undefined {
    const known = index === undefined ? this.last : this.byIndex.get(index);
    const another = known !== undefined && id !== "" && known.id !== "" && known.id !== id;
    // Without index and id only a name tells that a further call begins.
    const begins = index === undefined && id === "" && name !== "" && known?.told !== undefined;
    if (known !== undefined && !another && !begins) return known;
    const before = another && index === undefined ? this.all.find((call) => call.id === id) : undefined;
    if (before !== undefined) return before;
    if (this.all.length >= MAX_CALLS) {
      this.refuse(`called more than ${MAX_CALLS} tools`);
      return undefined;
    }
    const call: Call = { id: "", told: undefined, name: "", part: -1, text: "", result: undefined };
    this.all.push(call);
    this.last = call;
    if (index !== undefined) this.byIndex.set(index, call);
    return call;
  }

  /** A message of role `tool` inside an answer: the provider ran the call itself. */
  ran(id: string, text: string): void {
    const call = this.all.find((one) => one.told === id);
    if (call === undefined) return;
    call.result ??= { part: this.nextIndex(), text: "" };
    call.result.text += text;
  }

  /** Ends every call; what the provider ran is told whole, in place of a call to run. */
  close(): AiLibError | undefined {
    for (const call of this.all) {
      if (call.told === undefined) {
        this.refuse("called a tool without a name");
        continue;
      }
      this.out.event({ type: "part-end", index: call.part });
      if (call.result === undefined) continue;
      const executedBy = "provider" as const;
      this.out.event({
        type: "part",
        index: call.part,
        part: { ...toolCallOf(call.told, call.name, call.text, true), executedBy },
      });
      this.out.event({
        type: "part",
        index: call.result.part,
        part: { type: "tool-result", id: call.told, name: call.name, content: call.result.text, executedBy },
      });
    }
    return this.failure;
  }

  private refuse(what: string): void {
    this.failure ??= new AiLibError({ code: "INVALID_RESPONSE", message: `The model ${what}` });
  }
}
