import type { DialectTarget, StreamDecoder } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import { AiLibError } from "../../../core/errors/error.js";
import { Fold } from "../../../core/kinds/chat/fold.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { EndFacts, Reply } from "../../../core/values/chat-response.js";

/**
 * Decodes a whole reply with a stream's decoder, for dialects whose whole reply is like one chunk of their streams:
 * both then give the same answer.
 * @param make makes the decoder.
 * @param feed passes the reply to the decoder and ends it.
 * @throws {AiLibError} the error that the decoder failed with.
 */
export function wholeReply<D extends StreamDecoder>(
  target: DialectTarget,
  make: (out: PartSink) => D,
  feed: (decoder: D) => void,
): Reply {
  const sink = new ReplySink();
  feed(make(sink));
  return sink.reply(target);
}

/** Collects a decoder's events into one whole reply. */
class ReplySink implements PartSink {
  private readonly fold = new Fold();
  private facts: EndFacts | undefined;
  private error: AiLibError | undefined;

  event(event: ChatEvent): void {
    this.fold.add(event);
  }

  finish(facts: EndFacts): void {
    this.facts = facts;
  }

  fail(error: AiLibError): void {
    this.error = error;
  }

  reply(target: DialectTarget): Reply {
    const { facts } = this;
    if (facts === undefined)
      throw (
        this.error ??
        new AiLibError({ code: "INVALID_RESPONSE", message: `${target.provider}: the reply is incomplete` })
      );
    const { content } = this.fold.build(facts, {
      provider: target.provider,
      model: target.model,
      id: "",
      attempts: [],
      estimateInput: () => 0,
    });
    const { warnings } = this.fold;
    return warnings.length === 0 ? { content, facts } : { content, facts, warnings };
  }
}
