import type { Call } from "../../core/contract/call.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import type { Flow, Sink } from "../../core/contract/sink.js";
import type { AiLibError } from "../../core/errors/error.js";
import { Composition } from "../../core/run/compose.js";
import { openMember } from "../../core/run/member.js";
import { type ChatEvent, isContent } from "../../core/values/chat-event.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import type { ResponseOf } from "../../core/values/kinds.js";
import { type SimulatedUnaryKind, simulatedCalls } from "./kinds.js";
import { REQUEST_HEADER } from "./upstream.js";

/** What one request did, as the caller's end of the stack saw it. */
export interface Record {
  readonly number: number;
  readonly mode: "unary" | "stream";
  readonly midStream: string;
  readonly maxAttempts: number | undefined;
  readonly maxRepeats: number;
  readonly startedAt: number;
  readonly deadline: number;
  /** The caller aborted, or left its loop. */
  left: boolean;
  /** The stack was stopped: by its caller, or at the deadline. */
  aborted: boolean;
  text: string;
  starts: number;
  restarts: number;
  firstContentAt: number | undefined;
  endings: number;
  endedAt: number | undefined;
  /** The answer: its text, or what distinguishes it from others. */
  response: { readonly text: string } | undefined;
  error: AiLibError | undefined;
  /** What broke a rule. */
  readonly faults: string[];
}

/** The outermost layer: sees every event and ending of the whole stack, and notes what breaks the contract. */
export class Probe extends Composition {
  readonly name = "probe";
  readonly members: readonly ChatProvider[];

  constructor(
    inner: ChatProvider,
    private readonly records: ReadonlyMap<number, Record>,
    private readonly kind: "chat" | SimulatedUnaryKind,
  ) {
    super();
    this.members = [inner];
  }

  open(call: Call, sink: Sink): Flow {
    const record = this.records.get(Number(call.context.headers[REQUEST_HEADER])) as Record;
    const seen = new Seen(call, sink, record, this.kind);
    const flow = openMember(this.members[0] as ChatProvider, call, seen);
    seen.opened = true;
    return {
      pause: () => flow.pause(),
      resume: () => flow.resume(),
      abort: (reason) => {
        record.aborted = true;
        record.endedAt ??= call.context.clock.now();
        return flow.abort(reason);
      },
    };
  }
}

class Seen implements Sink {
  opened = false;

  constructor(
    private readonly call: Call,
    private readonly sink: Sink,
    private readonly record: Record,
    private readonly kind: "chat" | SimulatedUnaryKind,
  ) {}

  event(event: ChatEvent): void {
    const { record } = this;
    this.check("an event");
    if (record.mode === "unary") record.faults.push("an event in a unary call");
    if (event.type === "start") record.starts++;
    else if (event.type === "restart") {
      record.restarts++;
      record.text = "";
    } else if (record.starts === 0 && event.type !== "warning")
      record.faults.push(`${event.type} before start`);
    if (event.type === "text-delta") record.text += event.text;
    if (isContent(event)) record.firstContentAt ??= this.call.context.clock.now();
    this.sink.event(event);
  }

  finish(response: ResponseOf): void {
    this.end("finish");
    this.record.response =
      this.kind === "chat" ? (response as ChatResponse) : { text: simulatedCalls(this.kind).text(response) };
    this.sink.finish(response);
  }

  fail(error: AiLibError): void {
    this.end("fail");
    this.record.error = error;
    this.sink.fail(error);
  }

  private end(how: string): void {
    this.check(how);
    this.record.endings++;
    this.record.endedAt = this.call.context.clock.now();
  }

  private check(what: string): void {
    const { faults, endings, aborted } = this.record;
    if (!this.opened) faults.push(`${what} before open had returned`);
    if (endings > 0) faults.push(`${what} after the ending`);
    if (aborted) faults.push(`${what} after an abort`);
  }
}
