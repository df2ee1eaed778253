import type { ServerKindCodec } from "../../core/contract/dialect.js";
import type { HttpReply } from "../../core/contract/transport.js";
import { type AiLibError, invalidRequest } from "../../core/errors/error.js";
import { speakLaws } from "../../core/kinds/speak.js";
import { transcribeLaws } from "../../core/kinds/transcribe.js";
import { base64OfBytes } from "../../core/values/base64.js";
import { asNumber, asObject, asString } from "../../core/values/json.js";
import type { SoundFormat } from "../../core/values/speech.js";
import type { SoundSource } from "../../core/values/transcription.js";
import { defined } from "../../dialects/shared/common/body-fields.js";
import { bodyOf } from "../../dialects/shared/common/kind-requests.js";
import { type ReceivedPart, readForm, textOfPart } from "../../dialects/shared/common/multipart-reader.js";
import { soundBytes, soundReply } from "../../dialects/shared/common/sound-bytes.js";
import { statusOf } from "./status.js";

const SPEECH = /\/v1\/text-to-speech\/([^/]{1,200})(\/stream)?$/;

const FORMATS: readonly SoundFormat[] = ["mp3", "wav", "opus", "pcm"];

/** The server's side of ElevenLabs' speech. https://elevenlabs.io/docs/api-reference/text-to-speech/convert */
export const elevenLabsSpeakServer: ServerKindCodec<"speak"> = {
  laws: speakLaws,
  matches: ({ method, path }) => method === "POST" && SPEECH.test(path),
  decode({ path, query = {}, body: json }) {
    const body = bodyOf(json);
    const text = asString(body["text"]);
    if (text === undefined) throw invalidRequest("`text` must be a text");
    const voice = decodeURIComponent(SPEECH.exec(path)?.[1] ?? "");
    // Formats are named with rates, such as mp3_44100_128.
    const format = FORMATS.find((each) => query["output_format"]?.startsWith(each));
    return {
      text,
      voice,
      ...defined({
        model: asString(body["model_id"]),
        language: asString(body["language_code"]),
        speed: asNumber(asObject(body["voice_settings"])?.["speed"]),
        format,
      }),
    };
  },
  encode: soundReply,
  stream: () => soundBytes,
  error: encodeError,
};

/** The server's side of ElevenLabs' transcripts. https://elevenlabs.io/docs/api-reference/speech-to-text/convert */
export const elevenLabsTranscribeServer: ServerKindCodec<"transcribe"> = {
  laws: transcribeLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/v1/speech-to-text"),
  decode({ headers, bytes }) {
    const parts = readForm(headers["content-type"], bytes);
    const field = (name: string) => {
      const part = parts.find((each) => each.name === name);
      return part === undefined ? undefined : textOfPart(part);
    };
    const audio = soundOf(
      parts.find(({ name }) => name === "file"),
      field("cloud_storage_url") ?? field("source_url"),
    );
    return {
      ...defined({ model: field("model_id"), language: field("language_code") }),
      audio,
      ...(field("timestamps_granularity") !== "none" && { timestamps: ["word" as const] }),
      ...(field("diarize") === "true" && { speakers: true }),
    };
  },
  encode({ text, language, words = [] }) {
    const body = {
      language_code: language ?? "",
      language_probability: 1,
      text,
      words: words.map(({ text: word, start, end, speaker }) => ({
        text: word,
        start,
        end,
        type: "word",
        logprob: 0,
        ...defined({ speaker_id: speaker }),
      })),
    };
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  },
  error: encodeError,
};

/** @throws {AiLibError} `INVALID_REQUEST` for a form without sound. */
function soundOf(file: ReceivedPart | undefined, url: string | undefined): SoundSource {
  if (file !== undefined) {
    const { mediaType, filename: name } = file;
    return { data: base64OfBytes(file.bytes), ...defined({ mediaType, name }) };
  }
  if (url === undefined) throw invalidRequest("`file` or `cloud_storage_url` is missing: the sound to read");
  return { url };
}

function encodeError(error: AiLibError): HttpReply {
  return {
    status: statusOf(error),
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ detail: { status: error.code.toLowerCase(), message: error.message } }),
  };
}
