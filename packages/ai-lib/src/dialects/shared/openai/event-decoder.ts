import type { KindStreamDecoder, StreamHead } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { StreamedKind } from "../../../core/kinds/streamed.js";
import { isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { EndOf, EventOf } from "../../../core/values/kinds.js";
import { inBandError } from "../common/errors.js";
import { invalidStream, truncated } from "../common/stream-errors.js";
import { errorIn } from "./error-shapes.js";
import { classify, messageOf } from "./errors.js";

/** Reads events of a stream whose payloads are JSON objects with a `type`, as OpenAI and Mistral send them. */
export abstract class EventDecoder<K extends StreamedKind> implements KindStreamDecoder {
  private over = false;

  /** @param terminator the type of the event that ends the stream, for the message of one that was cut */
  constructor(
    protected readonly head: StreamHead,
    private readonly out: PartSink<K>,
    private readonly terminator: string,
  ) {}

  frame({ data }: Frame): void {
    if (this.over || data === "" || data === "[DONE]") return;
    const event = tryParse(data);
    const { target } = this.head;
    if (!isObject(event)) {
      this.fail(invalidStream(target, "one of its frames is not JSON"));
      return;
    }
    const error = errorIn(event);
    if (error === undefined) this.take(event);
    else
      this.fail(
        inBandError(data, target, classify(error, undefined, target.now, {}), messageOf(error, undefined)),
      );
  }

  end(): void {
    this.fail(truncated(this.head.target, this.terminator));
  }

  /** Takes one event. Types that are not known are skipped. */
  protected abstract take(event: JsonObject): void;

  protected event(event: EventOf<K>): void {
    if (!this.over) this.out.event(event);
  }

  protected finish(end: EndOf<K>): void {
    if (this.over) return;
    this.over = true;
    this.out.finish(end);
  }

  protected fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.out.fail(error);
  }
}
