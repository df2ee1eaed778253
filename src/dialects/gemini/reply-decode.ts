import type { DialectTarget } from "../../core/dialect.js";
import { AiLibError } from "../../core/error.js";
import type { ChatEvent } from "../../core/event.js";
import { Fold } from "../../core/fold.js";
import type { HttpReply } from "../../core/http.js";
import { isObject, parseBody, tryParse } from "../../core/json.js";
import type { EndFacts, Reply } from "../../core/response.js";
import type { PartSink } from "../../core/sink.js";
import { GeminiDecoder } from "./stream-decode.js";

/**
 * A whole reply: one chunk, or the array of chunks that `streamGenerateContent` answers without `alt=sse`. It goes
 * through the stream's decoder, so that both ways give the same answer.
 * @throws {AiLibError} the error inside a 200, or `INVALID_RESPONSE` for what is no reply.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const value = tryParse(reply.body);
  const body = Array.isArray(value) ? value : isObject(value) ? value : parseBody(reply.body);
  const whole = new WholeReply();
  const decoder = new GeminiDecoder(target, whole);
  decoder.value(body);
  if (Array.isArray(body)) decoder.end();
  else decoder.endWhole();
  return whole.reply(target, reply.body);
}

/** Takes a decoder's events for one whole reply. */
class WholeReply implements PartSink {
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

  reply(target: DialectTarget, body: string): Reply {
    if (this.facts === undefined)
      throw (
        this.error?.with({ body: this.error.body ?? body.slice(0, 2000) }) ??
        new AiLibError({
          code: "INVALID_RESPONSE",
          message: `${target.provider}: the reply has no end`,
          body,
        })
      );
    const { content, warnings } = this.fold.build(this.facts, {
      provider: target.provider,
      model: target.model,
      id: "",
      attempts: [],
      estimateInput: () => 0,
    });
    return { content, facts: this.facts, ...(warnings.length === 0 ? {} : { warnings }) };
  }
}
