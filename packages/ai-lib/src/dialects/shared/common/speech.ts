import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { joinBase64 } from "../../../core/values/base64.js";
import { asObject, asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { SoundFormat, SpeakReply } from "../../../core/values/speech.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";

/** Media types by format. */
const TYPES: Readonly<Record<SoundFormat, string>> = {
  mp3: "audio/mpeg",
  wav: "audio/wav",
  opus: "audio/opus",
  aac: "audio/aac",
  flac: "audio/flac",
  pcm: "audio/pcm",
};

/**
 * Reads sound: the body itself (as base64, see {@link HttpReply.body}), JSON with `audio_data`, or a stream of events.
 * @throws {AiLibError} `INVALID_RESPONSE` for a reply without sound.
 */
export function decodeSound(reply: HttpReply, format: SoundFormat | undefined): SpeakReply {
  const type = reply.headers["content-type"] ?? "";
  if (reply.encoding === "base64") {
    if (reply.body === "") throw noSound(reply.body);
    return { audio: { data: reply.body, mediaType: soundType(reply.headers, format) } };
  }
  if (type.startsWith("text/event-stream")) return streamed(reply.body, format);
  const body = tryParse(reply.body);
  const data = isObject(body) ? (asString(body["audio_data"]) ?? asString(body["data"])) : undefined;
  if (data === undefined || data === "") throw noSound(reply.body);
  return { audio: { data, mediaType: TYPES[format ?? "mp3"] } };
}

/** The media type of sound, by what the reply says, else by the format that was asked for. */
export function soundType(headers: HttpReply["headers"], format: SoundFormat = "mp3"): string {
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  return type.startsWith("audio/") ? type : TYPES[format];
}

/** The usage of speech, in the fields of OpenAI or of Mistral. */
export function soundUsage(usage: JsonObject | undefined): Usage | undefined {
  const inputTokens = tokenCount(usage?.["input_tokens"]) ?? tokenCount(usage?.["prompt_tokens"]);
  if (usage === undefined || inputTokens === undefined) return undefined;
  const outputTokens = tokenCount(usage["output_tokens"]) ?? tokenCount(usage["completion_tokens"]) ?? 0;
  return { inputTokens, outputTokens, raw: usage };
}

/** https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event */
function streamed(body: string, format: SoundFormat | undefined): SpeakReply {
  const pieces: string[] = [];
  let usage: SpeakReply["usage"];
  let done = false;
  for (const line of body.split("\n")) {
    const event = line.startsWith("data:") ? tryParse(line.slice(5).trim()) : undefined;
    if (!isObject(event)) continue;
    if (event["type"] === "speech.audio.delta") pieces.push(asString(event["audio"]) ?? "");
    if (event["type"] !== "speech.audio.done") continue;
    done = true;
    usage = soundUsage(asObject(event["usage"]));
  }
  if (!done)
    throw new AiLibError({ code: "STREAM_TRUNCATED", message: "The stream of the sound ended early" });
  return {
    audio: { data: joinBase64(pieces), mediaType: TYPES[format ?? "mp3"] },
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Raw samples of 16 bits with the header that makes them a WAV file. http://soundfile.sapp.org/doc/WaveFormat/ */
export function wavOf(samples: Uint8Array, rate: number): Uint8Array {
  const wav = new Uint8Array(44 + samples.length);
  const view = new DataView(wav.buffer);
  const text = (at: number, word: string) => {
    for (let i = 0; i < word.length; i++) wav[at + i] = word.charCodeAt(i);
  };
  text(0, "RIFF");
  view.setUint32(4, 36 + samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples.length, true);
  wav.set(samples, 44);
  return wav;
}

/** The error of a reply without sound. */
export function noSound(body: string): AiLibError {
  return new AiLibError({ code: "INVALID_RESPONSE", message: "The provider returned no sound", body });
}
