import type { ServerKindCodec } from "../../../core/contract/dialect.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { transcribeLaws } from "../../../core/kinds/transcribe.js";
import { base64OfBytes } from "../../../core/values/base64.js";
import type { SoundSource, TimestampLevel } from "../../../core/values/transcription.js";
import { defined } from "../../shared/common/body-fields.js";
import { extensionsOf } from "../../shared/common/extensions.js";
import { type ReceivedPart, readForm, textOfPart } from "../../shared/common/multipart-reader.js";
import { DIALECT } from "../shared/family.js";

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

/** The server's side of Mistral's transcripts. https://docs.mistral.ai/capabilities/audio_transcription */
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
  encode({ model, text, language, segments = [], usage, billedSeconds, durationSeconds }) {
    const { inputTokens, outputTokens } = usage;
    const body = {
      model,
      text,
      language: language ?? null,
      segments: segments.map(({ speaker, ...each }) => ({
        type: "transcription_segment",
        ...each,
        ...(speaker === undefined ? {} : { speaker_id: speaker }),
      })),
      usage: {
        prompt_audio_seconds: Math.ceil(billedSeconds ?? durationSeconds ?? 0),
        prompt_tokens: inputTokens,
        completion_tokens: outputTokens,
        total_tokens: inputTokens + outputTokens,
      },
      finish_reason: null,
    };
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  },
};

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
