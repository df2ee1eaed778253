import type { SpeechStream, TranscriptStream } from "../contract/stream.js";
import { bytesOfBase64 } from "../values/base64.js";
import { EventStream } from "./event-stream.js";

/** Speech as it comes. */
export class SpokenStream extends EventStream<"speak"> implements SpeechStream {
  get audio(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => audioPieces(this) };
  }
}

/** A transcript as it comes. */
export class WrittenStream extends EventStream<"transcribe"> implements TranscriptStream {
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
