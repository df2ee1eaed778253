import { ignoreRejection } from "../contract/guard.js";
import { Printable } from "../contract/printable.js";
import type { KindStream, StreamItem } from "../contract/stream.js";
import type { Kind, ResponseOf } from "../values/kinds.js";

/** A stream that is opened when it is first read, since the rules of its kind must be loaded for that. */
export class LazyStream<K extends Kind> extends Printable implements KindStream<K> {
  private opened: Promise<KindStream<K>> | undefined;

  /** @param open opens the stream; called once. It must not reject with anything but an error of the library. */
  constructor(
    private readonly kind: K,
    private readonly open: () => Promise<KindStream<K>>,
  ) {
    super();
  }

  toJSON(): Readonly<Record<string, unknown>> {
    return { kind: this.kind, mode: "stream" };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamItem<K>, undefined, undefined> {
    yield* await this.inner();
    return undefined;
  }

  response(): Promise<ResponseOf<K>> {
    const response = this.inner().then((stream) => stream.response());
    ignoreRejection(response);
    return response;
  }

  private inner(): Promise<KindStream<K>> {
    this.opened ??= this.open();
    return this.opened;
  }
}
