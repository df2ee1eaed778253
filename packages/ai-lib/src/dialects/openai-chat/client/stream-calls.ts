import type { PartSink } from "../../../core/contract/sink.js";
import { AiLibError } from "../../../core/errors/error.js";
import { isObject, type JsonObject } from "../../../core/values/json.js";
import type { Origin } from "../../../core/values/message.js";
import { callId, callState, decodeCall } from "../shared/calls.js";

/** Calls that one answer may make; more is a runaway model. */
const MAX_CALLS = 10_000;

/** One call that is being streamed. */
interface OpenCall {
  /** The wire's index, where it has one. */
  readonly wire: number | undefined;
  /** The id on the wire; `""` where none came. */
  id: string;
  name: string;
  /** The part's index; undefined until the name is known. */
  index: number | undefined;
  /** Arguments that came before the name. */
  early: string;
  state: JsonObject | undefined;
}

/** The tool calls of one stream. */
export class StreamCalls {
  private readonly open: OpenCall[] = [];
  private legacy: OpenCall | undefined;

  constructor(
    private readonly out: PartSink,
    private readonly nextIndex: () => number,
    private readonly originOf: (data: JsonObject) => Origin,
  ) {}

  /** Whether any call has begun. */
  get any(): boolean {
    return this.open.length > 0;
  }

  /** Takes the entries of one delta's `tool_calls`. */
  add(entries: readonly unknown[], responseId: string | undefined): void {
    for (const entry of entries) {
      if (!isObject(entry)) continue;
      const { id, name, text } = decodeCall(entry);
      const wire = entry["index"];
      const call = this.find(typeof wire === "number" ? wire : undefined, id, name);
      if (entry["extra_content"] != null) call.state = callState(entry);
      this.extend(call, name, text, responseId);
    }
  }

  /** The form before tools: one call, without an id. */
  addLegacy(value: unknown, responseId: string | undefined): void {
    if (!isObject(value)) return;
    const { name, text } = decodeCall({ function: value });
    this.legacy ??= this.begin(undefined, "");
    this.extend(this.legacy, name, text, responseId);
  }

  /** Ends every call. @throws {AiLibError} `INVALID_RESPONSE` for arguments of a call that was never named. */
  close(): void {
    for (const call of this.open) {
      if (call.index === undefined) {
        if (call.early.trim() !== "")
          throw new AiLibError({
            code: "INVALID_RESPONSE",
            message: "The model called a tool without naming it",
          });
        this.out.event({
          type: "warning",
          warning: { code: "malformed", message: "A tool call without name and arguments was skipped" },
        });
      } else if (call.state === undefined) this.out.event({ type: "part-end", index: call.index });
      else this.out.event({ type: "part-end", index: call.index, origin: this.originOf(call.state) });
    }
  }

  /**
   * Which call a piece belongs to. Its index tells, but for speakers that give every parallel call the same one:
   * there another id together with a name begins another call. Without an index the id tells, then the name.
   */
  private find(wire: number | undefined, id: string, name: string): OpenCall {
    for (let i = this.open.length - 1; i >= 0; i--) {
      const call = this.open[i];
      if (call === undefined || call === this.legacy) continue;
      if (wire !== undefined) {
        if (call.wire !== wire) continue;
        return this.isAnother(call, id, name) ? this.begin(wire, id) : this.identified(call, id);
      }
      if (id === "") {
        if (name === "" || call.name === "") return call;
        break;
      }
      if (call.id === id) return call;
      if (call.id === "" && call.index === undefined) return this.identified(call, id);
    }
    return this.begin(wire, id);
  }

  private isAnother(call: OpenCall, id: string, name: string): boolean {
    return id !== "" && name !== "" && call.id !== "" && call.id !== id && call.name !== "";
  }

  private identified(call: OpenCall, id: string): OpenCall {
    if (call.id === "" && call.index === undefined) call.id = id;
    return call;
  }

  private begin(wire: number | undefined, id: string): OpenCall {
    if (this.open.length >= MAX_CALLS)
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: `The answer passed ${MAX_CALLS} tool calls; it was stopped`,
      });
    const call: OpenCall = { wire, id, name: "", index: undefined, early: "", state: undefined };
    this.open.push(call);
    return call;
  }

  private extend(
    call: OpenCall,
    name: string,
    text: string | undefined,
    responseId: string | undefined,
  ): void {
    if (call.index === undefined) {
      call.early += text ?? "";
      if (name === "") return;
      call.name = name;
      call.index = this.nextIndex();
      const position = this.open.indexOf(call);
      this.out.event({
        type: "part-start",
        index: call.index,
        part: { type: "tool-call", id: call.id === "" ? callId(responseId, position) : call.id, name },
      });
      if (call.early !== "") this.out.event({ type: "tool-call-delta", index: call.index, text: call.early });
      call.early = "";
    } else if (text !== undefined && text !== "")
      this.out.event({ type: "tool-call-delta", index: call.index, text });
  }
}
