import type { ServerKindCodec } from "../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import { type AiLibError, invalidRequest } from "../../core/errors/error.js";
import { speakLaws } from "../../core/kinds/speak.js";
import { transcribeLaws } from "../../core/kinds/transcribe.js";
import { base64OfBytes } from "../../core/values/base64.js";
import { asString, type JsonObject } from "../../core/values/json.js";
import type { SoundFormat } from "../../core/values/speech.js";
import type { SoundSource, SpokenSegment, TranscribeResponse } from "../../core/values/transcription.js";
import { defined } from "../../dialects/shared/common/body-fields.js";
import { bodyOf } from "../../dialects/shared/common/kind-requests.js";
import { soundBytes, soundReply } from "../../dialects/shared/common/sound-bytes.js";
import { statusOf } from "./status.js";

/** Formats by the query's `encoding`; `linear16` is a WAV file unless its container is `none`. */
const FORMATS: Readonly<Record<string, SoundFormat>> = {
  mp3: "mp3",
  opus: "opus",
  aac: "aac",
  flac: "flac",
};

/** The server's side of Deepgram's speech. https://developers.deepgram.com/reference/text-to-speech/speak-request */
export const deepgramSpeakServer: ServerKindCodec<"speak"> = {
  laws: speakLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/v1/speak"),
  decode({ query = {}, body }) {
    const text = asString(bodyOf(body)["text"]);
    if (text === undefined) throw invalidRequest("`text` must be a text");
    const { model, encoding, container } = query;
    const raw = encoding === "linear16" ? (container === "none" ? "pcm" : "wav") : FORMATS[encoding ?? ""];
    // A model of Deepgram's is a voice.
    return { text, ...defined({ model, voice: model, format: raw }) };
  },
  encode: soundReply,
  stream: () => soundBytes,
  error: encodeError,
};

/** The server's side of Deepgram's transcripts. https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded */
export const deepgramListenServer: ServerKindCodec<"transcribe"> = {
  laws: transcribeLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/v1/listen"),
  decode(http) {
    const { model, language, diarize, utterances } = http.query ?? {};
    return {
      ...defined({ model, language }),
      audio: soundOf(http),
      // Words always have times.
      timestamps: utterances === "true" ? ["word", "segment"] : ["word"],
      ...(diarize === "true" && { speakers: true }),
    };
  },
  encode: (response, { timestamps }) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(bodyFor(response, timestamps?.includes("segment") === true)),
  }),
  error: encodeError,
};

/** @throws {AiLibError} `INVALID_REQUEST` for a body that is neither sound nor JSON with a `url`. */
function soundOf({ headers, bytes, body }: HttpRequest): SoundSource {
  const type = headers["content-type"];
  if (type?.startsWith("application/json") === true) {
    const url = asString(bodyOf(body)["url"]);
    if (url === undefined) throw invalidRequest("`url` must be the address of a sound");
    return { url };
  }
  if (bytes === undefined || bytes.length === 0)
    throw invalidRequest("The body must be a sound, or JSON with its `url`");
  const mediaType = type === undefined || type === "application/octet-stream" ? undefined : type;
  return { data: base64OfBytes(bytes), ...defined({ mediaType }) };
}

function bodyFor(response: TranscribeResponse, utterances: boolean): JsonObject {
  const { id, model, text, language, durationSeconds = 0, words = [], segments = [] } = response;
  const alternative = { transcript: text, confidence: 1, words: words.map(wordOf) };
  return {
    metadata: {
      transaction_key: "deprecated",
      request_id: id,
      sha256: "",
      created: "",
      duration: durationSeconds,
      channels: 1,
      models: [model],
      model_info: {},
    },
    results: {
      channels: [{ alternatives: [alternative], ...defined({ detected_language: language }) }],
      ...(utterances && {
        utterances: segments.map((segment, i) => ({
          id: String(i),
          transcript: segment.text,
          start: segment.start,
          end: segment.end,
          confidence: 1,
          channel: 0,
          words: [],
          ...speakerOf(segment),
        })),
      }),
    },
  };
}

function wordOf(word: SpokenSegment): JsonObject {
  const { text, start, end } = word;
  return { word: text, punctuated_word: text, start, end, confidence: 1, ...speakerOf(word) };
}

/** Deepgram counts speakers. */
function speakerOf({ speaker }: SpokenSegment): { speaker?: number | string } {
  if (speaker === undefined) return {};
  return { speaker: /^\d{1,6}$/.test(speaker) ? Number(speaker) : speaker };
}

function encodeError(error: AiLibError): HttpReply {
  return {
    status: statusOf(error),
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ err_code: error.code, err_msg: error.message, request_id: error.requestId ?? "" }),
  };
}
