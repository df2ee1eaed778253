import { Printable } from "../contract/printable.js";
import type { KindStream, SpeechStream, StreamItem, TranscriptStream } from "../contract/stream.js";
import { bytesOfBase64 } from "../values/base64.js";
import type { Kind, ResponseOf } from "../values/kinds.js";

/** A stream of a kind, for one that reads parts of its events as well. */
abstract class ReadStream<K extends Kind> extends Printable implements KindStream<K> {
  constructor(private readonly stream: KindStream<K>) {
    super();
  }

  toJSON(): Readonly<Record<string, unknown>> {
    return this.stream instanceof Printable ? this.stream.toJSON() : {};
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamItem<K>> {
    return this.stream[Symbol.asyncIterator]();
  }

  response(): Promise<ResponseOf<K>> {
    return this.stream.response();
  }
}

/** Speech as it comes. */
export class SpokenStream extends ReadStream<"speak"> implements SpeechStream {
  get audio(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => audioPieces(this) };
  }
}

/** A transcript as it comes. */
export class WrittenStream extends ReadStream<"transcribe"> implements TranscriptStream {
  get text(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => transcriptPieces(this) };
  }
}

async function* audioPieces(stream: SpokenStream): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const event of stream) if (event.type === "audio-delta") yield bytesOfBase64(event.data);
}

/** Segments represent the text of a stream that has no deltas before them. */
async function* transcriptPieces(stream: WrittenStream): AsyncGenerator<string, void, undefined> {
  let deltas = false;
  let first = true;
  for await (const event of stream) {
    if (event.type === "text-delta") {
      deltas = true;
      yield event.text;
    } else if (event.type === "segment" && !deltas) {
      const text = event.segment.text.trim();
      yield first ? text : ` ${text}`;
      first = false;
    }
  }
}
