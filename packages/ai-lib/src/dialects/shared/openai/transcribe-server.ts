import type { ServedStream, ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { transcribeLaws } from "../../../core/kinds/transcribe.js";
import { base64OfBytes } from "../../../core/values/base64.js";
import type { JsonObject } from "../../../core/values/json.js";
import type {
  SpokenSegment,
  TimestampLevel,
  TranscribeRequest,
  TranscribeResponse,
} from "../../../core/values/transcription.js";
import { defined } from "../common/body-fields.js";
import { extensionsOf } from "../common/extensions.js";
import { jsonReply } from "../common/json-post.js";
import { kindWriter } from "../common/kind-writer.js";
import { readForm, textOfPart } from "../common/multipart-reader.js";
import { streamJson } from "../common/stream-json.js";
import { markedUsage } from "../common/usage-mark.js";
import { errorBody } from "./error-encode.js";

const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "file",
  "language",
  "prompt",
  "timestamp_granularities[]",
  "chunking_strategy",
  "stream",
]);

const TRANSLATION = /\/audio\/translations$/;

/** The server half of OpenAI's transcripts and translations. */
export const transcribeServer: ServerKindCodec<"transcribe"> = {
  laws: transcribeLaws,
  matches: ({ method, path }) =>
    method === "POST" && (path.endsWith("/audio/transcriptions") || TRANSLATION.test(path)),
  decode,
  encode,
  stream({ path, headers, bytes }, { speakers }) {
    if (TRANSLATION.test(path)) return undefined;
    const asked = readForm(headers["content-type"], bytes).some(
      (part) => part.name === "stream" && textOfPart(part) === "true",
    );
    return asked ? events(speakers === true) : undefined;
  },
};

/** https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event; speakers come without deltas */
function events(speakers: boolean): ServedStream<"transcribe"> {
  return {
    framing: "sse",
    encoder(write) {
      let count = 0;
      const send = (event: object) => write({ data: streamJson(event) });
      return kindWriter(transcribeLaws, {
        content(event) {
          if (event.type === "text-delta") {
            if (!speakers) send({ type: "transcript.text.delta", delta: event.text });
            return;
          }
          const { speaker = "A", ...segment } = event.segment;
          if (speakers) send({ type: "transcript.text.segment", id: `seg_${count++}`, ...segment, speaker });
        },
        finish(response) {
          send({ type: "transcript.text.done", text: response.text, usage: usageOf(response) });
          write({ data: "[DONE]" });
        },
        fail: (error) => send(errorBody(error)),
      });
    },
  };
}

/** @throws {AiLibError} `INVALID_REQUEST` for a form without a file. */
function decode({ path, headers, bytes }: HttpRequest): TranscribeRequest {
  const parts = readForm(headers["content-type"], bytes);
  const file = parts.find(({ name }) => name === "file");
  if (file === undefined) throw invalidRequest("`file` is missing: the sound to read");
  const fields = parts
    .filter(({ name }) => name !== "file")
    .map((part) => [part.name, textOfPart(part)] as const);
  const field = (name: string) => fields.find(([each]) => each === name)?.[1];
  const timestamps = fields
    .filter(([name]) => name === "timestamp_granularities[]")
    .map(([, value]) => value as TimestampLevel);
  const format = field("response_format");
  const levels = timestamps.length === 0 && format === "verbose_json" ? ["segment" as const] : timestamps;
  const rest = fields.filter(([name]) => !KNOWN.has(name));
  return {
    ...defined({ model: field("model") }),
    audio: {
      data: base64OfBytes(file.bytes),
      ...defined({ mediaType: file.mediaType, name: file.filename }),
    },
    ...defined({ language: field("language"), prompt: field("prompt") }),
    ...(levels.length > 0 && { timestamps: levels }),
    ...(format === "diarized_json" && { speakers: true }),
    ...(TRANSLATION.test(path) && { translate: true }),
    ...extensionsOf("openai-chat", rest.length === 0 ? undefined : Object.fromEntries(rest)),
  };
}

function encode(response: TranscribeResponse, request: TranscribeRequest): HttpReply {
  const format = request.extensions?.["openai-chat"]?.["response_format"];
  const segments = response.segments ?? [];
  if (format === "text") return text("text/plain; charset=utf-8", `${response.text}\n`);
  if (format === "srt") return text("text/plain; charset=utf-8", subtitles(response, ",", false));
  if (format === "vtt") return text("text/plain; charset=utf-8", subtitles(response, ".", true));
  const { durationSeconds, language, words } = response;
  const timed = request.timestamps !== undefined || request.speakers === true;
  const body = {
    text: response.text,
    ...(timed && {
      task: request.translate === true ? "translate" : "transcribe",
      language: language ?? "",
      duration: durationSeconds ?? 0,
      segments: segments.map((each, id) => ({
        id: request.speakers === true ? `seg_${id}` : id,
        ...(request.speakers === true && { type: "transcript.text.segment", speaker: each.speaker ?? "A" }),
        start: each.start,
        end: each.end,
        text: each.text,
      })),
    }),
    ...(timed &&
      words !== undefined && { words: words.map(({ text: word, start, end }) => ({ word, start, end })) }),
    usage: usageOf(response),
  };
  return jsonReply(body);
}

/** Seconds, or tokens. */
function usageOf(response: TranscribeResponse): JsonObject {
  const { usage, durationSeconds, billedSeconds } = response;
  const seconds = billedSeconds ?? (durationSeconds === undefined ? undefined : Math.ceil(durationSeconds));
  if (usage.inputTokens === 0 && seconds !== undefined) return { type: "duration", seconds };
  const tokens = {
    type: "tokens",
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
  return markedUsage(tokens, response);
}

function text(type: string, body: string): HttpReply {
  return { status: 200, headers: { "content-type": type }, body };
}

function subtitles(
  { segments, text: whole, durationSeconds }: TranscribeResponse,
  mark: string,
  vtt: boolean,
): string {
  const cues: readonly SpokenSegment[] = segments ?? [{ text: whole, start: 0, end: durationSeconds ?? 0 }];
  const lines = cues.map(
    (cue, i) =>
      `${vtt ? "" : `${i + 1}\n`}${clock(cue.start, mark)} --> ${clock(cue.end, mark)}\n${cue.text.trim()}\n`,
  );
  return `${vtt ? "WEBVTT\n\n" : ""}${lines.join("\n")}`;
}

/** `00:01:02.500` */
function clock(seconds: number, mark: string): string {
  const ms = Math.max(0, Math.round(seconds * 1_000));
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1_000) % 60)}${mark}${String(ms % 1_000).padStart(3, "0")}`;
}
