import type { PartSink } from "../../../core/contract/sink.js";
import { AiLibError } from "../../../core/errors/error.js";
import { isObject, type JsonObject } from "../../../core/values/json.js";
import type { Origin } from "../../../core/values/message.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import { repeatsArguments } from "../../shared/common/repeats.js";
import { callState, decodeCall, syntheticId } from "../shared/calls.js";

/** The most calls of one answer. */
const MAX_CALLS = 10_000;

/** The most characters of arguments before the names of their calls, in one answer. */
const MAX_EARLY = 1024 * 1024;

/** A call of a stream. */
interface OpenCall {
  /** The index on the wire, if there is one. */
  readonly wire: number | undefined;
  /** The id on the wire; `""` if there is none. */
  id: string;
  name: string;
  /** The index of the part; undefined until the name is known. */
  index: number | undefined;
  /** The arguments so far. */
  text: string;
  state: JsonObject | undefined;
  /** The text is the input of a text tool. */
  custom: boolean;
}

/** The tool calls of one stream. */
export class StreamCalls {
  private readonly open: OpenCall[] = [];
  private legacy: OpenCall | undefined;
  /** Characters of arguments that came before a name. */
  private early = 0;

  constructor(
    private readonly out: PartSink,
    private readonly nextIndex: () => number,
    private readonly originOf: (data: JsonObject) => Origin,
  ) {}

  /** Whether there is a call. */
  get any(): boolean {
    return this.open.length > 0;
  }

  /** Adds the entries of one delta's `tool_calls`. */
  add(entries: readonly unknown[], responseId: string | undefined): void {
    for (const entry of entries) {
      if (!isObject(entry)) continue;
      const { id, name, text, custom } = decodeCall(entry);
      const wire = entry["index"];
      const call = this.find(typeof wire === "number" ? wire : undefined, id, name);
      if (custom) call.custom = true;
      if (entry["extra_content"] != null) call.state = callState(entry);
      this.extend(call, name, text, responseId);
    }
  }

  /** Adds a call in the form before tools: there is one at most, without an id. */
  addLegacy(value: unknown, responseId: string | undefined): void {
    if (!isObject(value)) return;
    const { name, text } = decodeCall({ function: value });
    this.legacy ??= this.begin(undefined, "");
    this.extend(this.legacy, name, text, responseId);
  }

  /** Ends every call. One without a name is left out. */
  close(): void {
    for (const call of this.open) {
      if (call.index === undefined) {
        warnNameless(call.text, (warning) => this.out.event({ type: "warning", warning }));
      } else if (call.state === undefined) this.out.event({ type: "part-end", index: call.index });
      else this.out.event({ type: "part-end", index: call.index, origin: this.originOf(call.state) });
    }
  }

  /**
   * The call of a piece. The index decides, except at endpoints that give all parallel calls the same one: there,
   * another id with a name starts another call. Without an index the id decides, then the name.
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
        message: `The answer exceeds ${MAX_CALLS} tool calls`,
      });
    const call: OpenCall = {
      wire,
      id,
      name: "",
      index: undefined,
      text: "",
      state: undefined,
      custom: false,
    };
    this.open.push(call);
    return call;
  }

  private extend(
    call: OpenCall,
    name: string,
    text: string | undefined,
    responseId: string | undefined,
  ): void {
    const piece = text ?? "";
    if (!call.custom && repeatsArguments(call.text, piece)) return;
    call.text += piece;
    if (call.index === undefined) {
      this.early += piece.length;
      if (this.early > MAX_EARLY)
        throw new AiLibError({
          code: "INVALID_RESPONSE",
          message: "The model sent arguments of a tool without naming it",
        });
      if (name === "") return;
      call.name = name;
      call.index = this.nextIndex();
      const id = call.id === "" ? syntheticId(responseId, this.open.indexOf(call)) : call.id;
      this.out.event({
        type: "part-start",
        index: call.index,
        part: call.custom
          ? { type: "tool-call", id, name, inputEncoding: "text" }
          : { type: "tool-call", id, name },
      });
      if (call.text !== "") this.out.event({ type: "tool-call-delta", index: call.index, text: call.text });
    } else if (piece !== "") this.out.event({ type: "tool-call-delta", index: call.index, text: piece });
  }
}
