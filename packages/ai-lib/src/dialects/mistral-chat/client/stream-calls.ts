import type { PartSink } from "../../../core/contract/sink.js";
import { AiLibError } from "../../../core/errors/error.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import { asNumber, asString, type JsonObject } from "../../../core/values/json.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import { repeatsArguments } from "../../shared/common/repeats.js";
import { decodeCallPiece, syntheticId } from "./calls.js";

/** The most calls of one answer, and the most characters of arguments before their call's name. */
const MAX_CALLS = 4_096;
const MAX_WAITING = 1024 * 1024;

/** The most characters of the results of calls that the provider ran. */
const MAX_RESULTS = 16 * 1024 * 1024;

interface Call {
  /** The provider's id; `""` until there is one. */
  id: string;
  /** The id of the part; undefined until it starts, for which the call needs its name. */
  partId: string | undefined;
  name: string;
  part: number;
  text: string;
  /** The result, if the provider ran the call. */
  result: { readonly part: number; text: string } | undefined;
}

/**
 * The calls of a stream. Mistral sends them complete, or in pieces with the same index. Older models send no index
 * (recordings `test-synchronous-streaming-chat-completions-with-tool-call-*`), others repeat the name as `""`
 * (recording `mistral-incremental-tool-call`).
 */
export class StreamCalls {
  /** The error that ends the stream. */
  failure: AiLibError | undefined;
  private readonly all: Call[] = [];
  private readonly byIndex = new Map<number, Call>();
  private last: Call | undefined;
  /** Characters of results so far. */
  private results = 0;

  constructor(
    private readonly out: PartSink,
    private readonly nextIndex: () => number,
  ) {}

  /** Whether a call has begun. */
  get any(): boolean {
    return this.last !== undefined;
  }

  /** Adds an entry of a delta's `tool_calls`. */
  add(entry: JsonObject, answerId: unknown): void {
    const { id, name, text } = decodeCallPiece(entry);
    const call = this.find(asNumber(entry["index"]), id, name);
    if (call === undefined) return;
    if (call.id === "") call.id = id;
    if (call.name === "") call.name = name;
    if (text !== undefined && repeatsArguments(call.text, text)) return;
    if (text !== undefined) call.text += text;
    if (call.partId === undefined) {
      if (call.name === "") {
        if (call.text.length > MAX_WAITING) this.invalid("named a tool too late");
        return;
      }
      call.partId = call.id === "" ? syntheticId(asString(answerId), this.all.indexOf(call)) : call.id;
      call.part = this.nextIndex();
      this.out.event({
        type: "part-start",
        index: call.part,
        part: { type: "tool-call", id: call.partId, name: call.name },
      });
      if (call.text !== "") this.out.event({ type: "tool-call-delta", index: call.part, text: call.text });
    } else if (text !== undefined && text !== "")
      this.out.event({ type: "tool-call-delta", index: call.part, text });
  }

  private find(index: number | undefined, id: string, name: string): Call | undefined {
    const known = index === undefined ? this.last : this.byIndex.get(index);
    const another = known !== undefined && id !== "" && known.id !== "" && known.id !== id;
    // Without an index and an id, a name starts another call.
    const begins = index === undefined && id === "" && name !== "" && known?.partId !== undefined;
    if (known !== undefined && !another && !begins) return known;
    const before = another && index === undefined ? this.all.find((call) => call.id === id) : undefined;
    if (before !== undefined) return before;
    if (this.all.length >= MAX_CALLS) {
      this.invalid(`called more than ${MAX_CALLS} tools`);
      return undefined;
    }
    const call: Call = { id: "", partId: undefined, name: "", part: -1, text: "", result: undefined };
    this.all.push(call);
    this.last = call;
    if (index !== undefined) this.byIndex.set(index, call);
    return call;
  }

  /** Adds a message of role `tool` inside an answer: the result of a call that the provider ran. */
  addResult(id: string, text: string): void {
    const call = this.all.find((one) => one.partId === id);
    if (call === undefined) return;
    call.result ??= { part: this.nextIndex(), text: "" };
    call.result.text += text;
    this.results += text.length + 32;
    if (this.results > MAX_RESULTS) this.invalid("sent results of tools that are too large");
  }

  /** Ends every call. One that the provider ran is replaced by a complete part, followed by its result. */
  close(): AiLibError | undefined {
    for (const call of this.all) {
      if (call.partId === undefined) {
        warnNameless(call.text, (warning) => this.out.event({ type: "warning", warning }));
        continue;
      }
      this.out.event({ type: "part-end", index: call.part });
      if (call.result === undefined) continue;
      const executedBy = "provider" as const;
      this.out.event({
        type: "part",
        index: call.part,
        part: { ...toolCallOf(call.partId, call.name, call.text), executedBy },
      });
      this.out.event({
        type: "part",
        index: call.result.part,
        part: {
          type: "tool-result",
          id: call.partId,
          name: call.name,
          content: call.result.text,
          executedBy,
        },
      });
    }
    return this.failure;
  }

  private invalid(what: string): void {
    this.failure ??= new AiLibError({ code: "INVALID_RESPONSE", message: `The model ${what}` });
  }
}
