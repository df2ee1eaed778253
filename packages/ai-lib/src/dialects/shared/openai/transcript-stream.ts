import type { KindStreamCodec } from "../../../core/contract/dialect.js";
import { asString, type JsonObject } from "../../../core/values/json.js";
import { spoken, transcriptOf } from "../common/transcripts.js";
import { EventDecoder } from "./event-decoder.js";

/** Transcripts as they are written, in the events of OpenAI or of Mistral. */
export const transcriptStream: KindStreamCodec<"transcribe"> = {
  decoder: (head, out) => new TranscriptDecoder(head, out, "transcript.text.done"),
};

/**
 * https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event;
 * https://docs.mistral.ai/capabilities/audio_transcription
 */
class TranscriptDecoder extends EventDecoder<"transcribe"> {
  private language: string | undefined;

  protected take(event: JsonObject): void {
    switch (event["type"]) {
      case "transcript.text.delta":
      case "transcription.text.delta": {
        const text = asString(event["delta"]) ?? asString(event["text"]) ?? "";
        if (text !== "") this.event({ type: "text-delta", text });
        return;
      }
      case "transcript.text.segment":
      case "transcription.segment":
        for (const segment of spoken([{ ...event, type: "segment" }]))
          this.event({ type: "segment", segment });
        return;
      case "transcription.language":
        this.language = asString(event["audio_language"]);
        return;
      case "transcript.text.done":
      case "transcription.done": {
        const { language } = this;
        const end = transcriptOf(event, JSON.stringify(event));
        this.finish(language === undefined || end.language !== undefined ? end : { ...end, language });
        return;
      }
      default:
    }
  }
}
