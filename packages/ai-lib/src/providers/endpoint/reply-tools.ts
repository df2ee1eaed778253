import type { PartSink } from "../../core/contract/sink.js";
import type { AiLibError } from "../../core/errors/error.js";
import type { ChatEvent } from "../../core/values/chat-event.js";
import type { EndFacts, Reply } from "../../core/values/chat-response.js";
import type { ContentPart } from "../../core/values/message.js";

type Names = ReadonlyMap<string, string> | undefined;

/** What identifies a call, in a whole part and in the head of one that streams. */
interface CallHead {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  readonly executedBy?: "provider";
}

/**
 * The calls of one reply as the caller sees them: under the names that the request has, and each with an id of its own.
 * Some servers give two calls of one answer the same id, so that the second result would answer the first call.
 */
class ReplyCalls {
  private readonly ids = new Set<string>();

  constructor(private readonly names: Names) {}

  part<P extends { readonly type: string }>(part: P): P {
    return part.type === "tool-call" ? (this.call(part as unknown as CallHead) as unknown as P) : part;
  }

  private call(call: CallHead): CallHead {
    if (call.executedBy !== undefined) return call;
    const name = this.names?.get(call.name) ?? call.name;
    let { id } = call;
    for (let n = 2; this.ids.has(id); n++) id = `${call.id}_${n}`;
    this.ids.add(id);
    return name === call.name && id === call.id ? call : { ...call, id, name };
  }
}

/** A whole reply with the calls of {@link ReplyCalls}. */
export function withOwnCalls(reply: Reply, names: Names): Reply {
  const calls = new ReplyCalls(names);
  const content = reply.content.map((part) => calls.part<ContentPart>(part));
  return content.some((part, i) => part !== reply.content[i]) ? { ...reply, content } : reply;
}

/** Passes the events of a stream on, with the calls of {@link ReplyCalls}. */
export class OwnCallsSink implements PartSink {
  private readonly calls: ReplyCalls;

  constructor(
    private readonly out: PartSink,
    names: Names,
  ) {
    this.calls = new ReplyCalls(names);
  }

  event(event: ChatEvent): void {
    if (event.type === "part-start" || event.type === "part") {
      const part = this.calls.part(event.part);
      this.out.event(part === event.part ? event : ({ ...event, part } as ChatEvent));
    } else this.out.event(event);
  }

  finish(end: EndFacts): void {
    this.out.finish(end);
  }

  fail(error: AiLibError): void {
    this.out.fail(error);
  }
}
