import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import type { SoundSource, SpokenSegment, TranscribeReply } from "../../../core/values/transcription.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { defined, nonEmpty } from "./body-fields.js";
import { cannotSay } from "./kind-requests.js";
import type { FormPart } from "./multipart.js";

/** Endings of files by media type, for vendors that tell a format by the name. */
const ENDINGS: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/mp4": "m4a",
  "audio/x-m4a": "m4a",
  "audio/flac": "flac",
  "audio/ogg": "ogg",
  "audio/opus": "ogg",
  "audio/webm": "webm",
  "audio/aac": "aac",
  "video/mp4": "mp4",
  "video/webm": "webm",
};

/**
 * The file of a form.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for sound by URL, which goes to the next provider.
 */
export function soundPart(
  { data, mediaType, name }: SoundSource,
  target: DialectTarget,
  field = "file",
): FormPart {
  if (data === undefined)
    throw cannotSay(target, "audio", "sound must be sent as bytes: send them, or set `fetchMedia`");
  const type = mediaType ?? "application/octet-stream";
  return { name: field, data, mediaType: type, filename: name ?? `audio.${ENDINGS[type] ?? "bin"}` };
}

/**
 * Reads a transcript in any of the shapes that share `text`: OpenAI's (json, verbose, diarized, plain text, subtitles, a
 * stream), Mistral's, ElevenLabs', Cartesia's, xAI's, Hugging Face's and fal's.
 * @throws {AiLibError} `INVALID_RESPONSE` for a reply without a text.
 */
export function decodeTranscript(reply: HttpReply): TranscribeReply {
  const type = reply.headers["content-type"] ?? "";
  if (type.startsWith("text/event-stream")) return streamed(reply.body);
  const body = tryParse(reply.body);
  if (!isObject(body)) {
    if (type.startsWith("text/") || type.includes("subrip")) return { text: plainText(reply.body) };
    throw noTranscript(reply.body);
  }
  return transcriptOf(body, reply.body);
}

/** A transcript in an object. @throws {AiLibError} `INVALID_RESPONSE` for one without a text. */
export function transcriptOf(body: JsonObject, source: string): TranscribeReply {
  const text = asString(body["text"]);
  if (text === undefined) throw noTranscript(source);
  const [language] = asArray(body["languages"] ?? body["inferred_languages"]);
  const usage = asObject(body["usage"]);
  const segments = spoken(body["segments"] ?? body["chunks"]);
  const words = spoken(body["words"]);
  return {
    text: text.trim(),
    ...defined({
      language: nonEmpty(body["language"]) ?? nonEmpty(body["language_code"]) ?? nonEmpty(language),
      durationSeconds: asNumber(body["duration"]),
      billedSeconds: asNumber(usage?.["seconds"]) ?? asNumber(usage?.["prompt_audio_seconds"]),
      segments: segments.length === 0 ? undefined : segments,
      words: words.length === 0 ? undefined : words,
      model: nonEmpty(body["model"]),
      usage: usageOf(usage),
    }),
  };
}

/** Segments with their times, without those that are not speech (spaces, punctuation, laughter). */
export function spoken(list: unknown): SpokenSegment[] {
  return asArray(list)
    .filter(isObject)
    .flatMap((item) => {
      const text = asString(item["punctuated_word"]) ?? asString(item["word"]) ?? asString(item["text"]);
      const [from, to] = asArray(item["timestamp"]);
      const start = asNumber(item["start"]) ?? asNumber(from);
      const end = asNumber(item["end"]) ?? asNumber(to);
      const type = item["type"];
      if (text === undefined || start === undefined || end === undefined) return [];
      if (type === "spacing" || type === "audio_event" || type === "punct") return [];
      const speaker = item["speaker_id"] ?? item["speaker"];
      const known = typeof speaker === "string" || typeof speaker === "number";
      return [{ text, start, end, ...(known && { speaker: String(speaker) }) }];
    });
}

/** Seconds or tokens. Mistral counts the tokens of the sound only in its total, not in its prompt tokens. */
function usageOf(usage: JsonObject | undefined): Usage | undefined {
  const output = tokenCount(usage?.["output_tokens"]) ?? tokenCount(usage?.["completion_tokens"]) ?? 0;
  const prompt = tokenCount(usage?.["input_tokens"]) ?? tokenCount(usage?.["prompt_tokens"]);
  if (usage === undefined || prompt === undefined) return undefined;
  const details = asObject(usage["input_token_details"] ?? usage["prompt_tokens_details"]);
  const audio = tokenCount(details?.["audio_tokens"]) ?? 0;
  const total = tokenCount(usage["total_tokens"]);
  const left =
    total !== undefined && audio > 0 && prompt + output !== total && prompt + audio + output === total;
  return {
    inputTokens: left ? prompt + audio : prompt,
    outputTokens: output,
    ...(audio > 0 && { inputByModality: { audio } }),
    raw: usage,
  };
}

/** The last event of a stream has the whole text; segments come one by one. */
function streamed(body: string): TranscribeReply {
  let text = "";
  let done: TranscribeReply | undefined;
  const segments: SpokenSegment[] = [];
  for (const line of body.split("\n")) {
    const event = line.startsWith("data:") ? tryParse(line.slice(5).trim()) : undefined;
    if (!isObject(event)) continue;
    const error = asObject(event["error"]);
    if (error !== undefined)
      throw new AiLibError({
        code: "PROVIDER_ERROR",
        message: asString(error["message"]) ?? "The stream of the transcript failed",
      });
    if (event["type"] === "transcript.text.delta") text += asString(event["delta"]) ?? "";
    if (event["type"] === "transcript.text.segment")
      segments.push(...spoken([{ ...event, type: "segment" }]));
    if (event["type"] === "transcript.text.done") done = transcriptOf(event, body);
  }
  if (done === undefined)
    throw new AiLibError({
      code: "STREAM_TRUNCATED",
      message: `The stream of the transcript ended early${text === "" ? "" : ", after some text"}`,
    });
  return segments.length === 0 ? done : { ...done, segments };
}

/** Subtitles without their numbers and times. */
function plainText(body: string): string {
  if (!/^(WEBVTT|\d+\r?\n\d\d:)/.test(body)) return body.trim();
  return body
    .split(/\r?\n/)
    .filter((line) => line !== "" && line !== "WEBVTT" && !/^\d+$/.test(line) && !line.includes("-->"))
    .join("\n");
}

function noTranscript(body: string): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: "The provider returned no transcript",
    body,
  });
}
