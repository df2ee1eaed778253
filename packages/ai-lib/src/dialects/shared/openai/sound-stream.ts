import type { KindStreamCodec, StreamHead } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import { base64OfBytes } from "../../../core/values/base64.js";
import { asObject, asString, type JsonObject } from "../../../core/values/json.js";
import type { SpeakRequest } from "../../../core/values/speech.js";
import { noSound, soundType, soundUsage } from "../common/speech.js";
import { EventDecoder } from "./event-decoder.js";

/** Speech as it comes: the bytes of a file, or events with base64. */
export const soundStream: KindStreamCodec<"speak"> = {
  decoder: (head, out, request) => new SoundDecoder(head, out, request),
};

/** https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event; Mistral calls the field `audio_data`. */
class SoundDecoder extends EventDecoder<"speak"> {
  private readonly mediaType: string;
  private any = false;

  constructor(head: StreamHead, out: PartSink<"speak">, { format }: SpeakRequest) {
    super(head, out, "speech.audio.done");
    this.mediaType = soundType(head.headers, format);
  }

  bytes(chunk: Uint8Array): void {
    this.piece(base64OfBytes(chunk));
  }

  override end(): void {
    const events = (this.head.headers["content-type"] ?? "").startsWith("text/event-stream");
    if (events) super.end();
    else if (this.any) this.finish({});
    else this.fail(noSound(""));
  }

  protected take(event: JsonObject): void {
    if (event["type"] === "speech.audio.delta")
      this.piece(asString(event["audio"]) ?? asString(event["audio_data"]) ?? "");
    else if (event["type"] === "speech.audio.done") {
      const usage = soundUsage(asObject(event["usage"]));
      if (this.any) this.finish(usage === undefined ? {} : { usage });
      else this.fail(noSound(""));
    }
  }

  private piece(data: string): void {
    if (data === "") return;
    this.any = true;
    this.event({ type: "audio-delta", data, mediaType: this.mediaType });
  }
}
