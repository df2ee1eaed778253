import type { PartSink } from "../../core/contract/sink.js";
import type { AiLibError } from "../../core/errors/error.js";
import { TextInput, textCallOf } from "../../core/kinds/chat/text-input.js";
import type { ChatEvent, PartEndEvent, PartHead } from "../../core/values/chat-event.js";
import type { EndFacts, Reply } from "../../core/values/chat-response.js";
import type { ContentPart, ToolCallPart } from "../../core/values/message.js";
import type { OwnTools } from "./own-tools.js";

type CallHead = Extract<PartHead, { type: "tool-call" }>;

/**
 * The calls of one reply as the caller sees them: under the names that the request has, those of text tools as texts,
 * and each with an id of its own. Some servers give two calls of one answer the same id, so that the second result would
 * answer the first call.
 */
class ReplyCalls {
  private readonly ids = new Set<string>();
  private readonly names: OwnTools["names"];
  private readonly texts = new Set<string>();

  constructor({ request, names }: OwnTools) {
    this.names = names;
    for (const tool of request.tools ?? []) if (tool.type === "text-tool") this.texts.add(tool.name);
  }

  part(part: ContentPart): ContentPart {
    if (part.type !== "tool-call" || part.executedBy !== undefined) return part;
    const call = this.identified<ToolCallPart>(part);
    return this.texts.has(call.name) && call.input === undefined ? textCallOf(call) : call;
  }

  head(head: PartHead): PartHead {
    if (head.type !== "tool-call" || head.executedBy !== undefined) return head;
    return this.identified<CallHead>(head);
  }

  /** Whether a call is that of a function which represents a text tool. */
  standsForText(head: PartHead): head is CallHead {
    return (
      this.texts.size > 0 &&
      head.type === "tool-call" &&
      head.inputEncoding === undefined &&
      this.texts.has(head.name)
    );
  }

  private identified<C extends ToolCallPart | CallHead>(call: C): C {
    const name = this.names?.get(call.name) ?? call.name;
    let { id } = call;
    for (let n = 2; this.ids.has(id); n++) id = `${call.id}_${n}`;
    this.ids.add(id);
    return name === call.name && id === call.id ? call : { ...call, id, name };
  }
}

/** A whole reply with the calls of {@link ReplyCalls}. */
export function withOwnCalls(reply: Reply, tools: OwnTools): Reply {
  const calls = new ReplyCalls(tools);
  const content = reply.content.map((part) => calls.part(part));
  return content.some((part, i) => part !== reply.content[i]) ? { ...reply, content } : reply;
}

/** Passes the events of a stream on, with the calls of {@link ReplyCalls}. */
export class OwnCallsSink implements PartSink {
  private readonly calls: ReplyCalls;
  /** The calls of text tools that have begun as those of functions, by the index of their parts. */
  private readonly inputs = new Map<number, TextInput>();

  constructor(
    private readonly out: PartSink,
    tools: OwnTools,
  ) {
    this.calls = new ReplyCalls(tools);
  }

  event(event: ChatEvent): void {
    if (event.type === "part-start") {
      let part = this.calls.head(event.part);
      if (this.calls.standsForText(part)) {
        part = { ...part, inputEncoding: "text" };
        this.inputs.set(event.index, new TextInput());
      }
      this.out.event(part === event.part ? event : { ...event, part });
    } else if (event.type === "part") {
      const part = this.calls.part(event.part);
      this.out.event(part === event.part ? event : { ...event, part });
    } else if (this.inputs.size === 0) this.out.event(event);
    else if (event.type === "tool-call-delta") this.addInput(event.index, event.text, event);
    else if (event.type === "part-end") this.endInput(event);
    else this.out.event(event);
  }

  finish(end: EndFacts): void {
    this.out.finish(end);
  }

  fail(error: AiLibError): void {
    this.out.fail(error);
  }

  private addInput(index: number, json: string, event: ChatEvent): void {
    const input = this.inputs.get(index);
    if (input === undefined) this.out.event(event);
    else this.giveText(index, input.push(json));
  }

  private endInput(event: PartEndEvent): void {
    const { index } = event;
    const input = this.inputs.get(index);
    if (input === undefined) {
      this.out.event(event);
      return;
    }
    this.inputs.delete(index);
    const { rest, whole } = input.end();
    this.giveText(index, rest);
    this.out.event(whole ? event : { ...event, cut: true });
  }

  private giveText(index: number, text: string): void {
    if (text !== "") this.out.event({ type: "tool-call-delta", index, text });
  }
}
