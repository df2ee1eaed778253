import type { ServedStream, ServerKindCodec } from "../../../core/contract/dialect.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { transcribeLaws } from "../../../core/kinds/transcribe.js";
import { base64OfBytes } from "../../../core/values/base64.js";
import type {
  SoundSource,
  SpokenSegment,
  TimestampLevel,
  TranscribeResponse,
} from "../../../core/values/transcription.js";
import { defined } from "../../shared/common/body-fields.js";
import { extensionsOf } from "../../shared/common/extensions.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { kindWriter } from "../../shared/common/kind-writer.js";
import { type ReceivedPart, readForm, textOfPart } from "../../shared/common/multipart-reader.js";
import { streamJson } from "../../shared/common/stream-json.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { DIALECT } from "../shared/family.js";
import { errorBody } from "./errors.js";

const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "file",
  "file_url",
  "language",
  "diarize",
  "stream",
  "timestamp_granularities",
  "timestamp_granularities[]",
]);

/** The server half of Mistral's transcripts. https://docs.mistral.ai/capabilities/audio_transcription */
export const transcribeServer: ServerKindCodec<"transcribe"> = {
  laws: transcribeLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/audio/transcriptions"),
  decode({ headers, bytes }) {
    const parts = readForm(headers["content-type"], bytes);
    const fields = parts
      .filter(({ name }) => name !== "file")
      .map((part) => [part.name, textOfPart(part)] as const);
    const field = (name: string) => fields.find(([each]) => each === name)?.[1];
    const timestamps = fields
      .filter(([name]) => name.startsWith("timestamp_granularities"))
      .map(([, value]) => value as TimestampLevel);
    const rest = fields.filter(([name]) => !KNOWN.has(name));
    return {
      ...defined({ model: field("model") }),
      audio: soundOf(
        parts.find(({ name }) => name === "file"),
        field("file_url"),
      ),
      ...defined({ language: field("language") }),
      ...(timestamps.length > 0 && { timestamps }),
      ...(field("diarize") === "true" && { speakers: true }),
      ...extensionsOf(DIALECT, rest.length === 0 ? undefined : Object.fromEntries(rest)),
    };
  },
  encode(response) {
    const body = { ...bodyOf(response), finish_reason: null };
    return jsonReply(body);
  },
  stream({ headers, bytes }) {
    const parts = readForm(headers["content-type"], bytes);
    return parts.some((part) => part.name === "stream" && textOfPart(part) === "true") ? EVENTS : undefined;
  },
};

/** The events of https://docs.mistral.ai/capabilities/audio_transcription, by their names in the vendor's package. */
const EVENTS: ServedStream<"transcribe"> = {
  framing: "sse",
  encoder(write) {
    const send = (type: string, fields: object) =>
      write({ event: type, data: streamJson({ type, ...fields }) });
    return kindWriter(transcribeLaws, {
      content(event) {
        if (event.type === "text-delta") send("transcription.text.delta", { text: event.text });
        else send("transcription.segment", segmentOf(event.segment));
      },
      finish: (response) => send("transcription.done", bodyOf(response)),
      fail: (error) => write({ data: streamJson(errorBody(error)) }),
    });
  },
};

function bodyOf(response: TranscribeResponse) {
  const { model, text, language, segments = [], usage, billedSeconds, durationSeconds } = response;
  const { inputTokens, outputTokens } = usage;
  const counts = {
    prompt_audio_seconds: Math.ceil(billedSeconds ?? durationSeconds ?? 0),
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  return {
    model,
    text,
    language: language ?? null,
    segments: segments.map((each) => ({ type: "transcription_segment", ...segmentOf(each) })),
    usage: markedUsage(counts, response),
  };
}

function segmentOf({ speaker, ...segment }: SpokenSegment) {
  return speaker === undefined ? segment : { ...segment, speaker_id: speaker };
}

/** @throws {AiLibError} `INVALID_REQUEST` for a form without sound. */
function soundOf(file: ReceivedPart | undefined, url: string | undefined): SoundSource {
  if (file !== undefined)
    return {
      data: base64OfBytes(file.bytes),
      ...defined({ mediaType: file.mediaType, name: file.filename }),
    };
  if (url === undefined) throw invalidRequest("`file` or `file_url` is missing: the sound to read");
  return { url };
}
