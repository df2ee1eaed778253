import type { Warning } from "../core/values/answer.js";
import { asArray, asNumber, asObject, asString, isObject, type JsonObject } from "../core/values/json.js";
import type { TranscribeReply, TranscribeRequest } from "../core/values/transcription.js";
import { defined, nonEmpty } from "../dialects/shared/common/body-fields.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { formPost } from "../dialects/shared/common/multipart.js";
import { soundPart, spoken } from "../dialects/shared/common/transcripts.js";
import { malformedJob } from "./job-codec.js";
import { uploadTranscription } from "./upload-transcription.js";

/** Transcripts of Gladia, by jobs. https://docs.gladia.io/api-reference/pre-recorded-flow */
export const codec = uploadTranscription({
  path: "/pre-recorded",
  upload: (audio, target) => formPost("/upload", [soundPart(audio, target, "audio")]),
  uploadedUrl: "audio_url",
  fields: fieldsOf,
  warnings: warningsOf,
  done: "done",
  failure: (body) => asString(body["error_message"]) ?? `error ${String(body["error_code"] ?? "")}`,
  transcript: transcriptOf,
  // It deletes the job with its sound, whatever state it is in.
  deletes: true,
});

function warningsOf({ translate }: TranscribeRequest): Warning[] {
  return translate === true
    ? [leftOut("translate", "Gladia adds translations: extensions.gladia.translation_config")]
    : [];
}

function fieldsOf({ language, prompt, speakers }: TranscribeRequest, model: string): JsonObject {
  return defined({
    model,
    language_config: language === undefined ? undefined : { languages: [language] },
    context_prompt: prompt,
    diarization: speakers === true ? true : undefined,
  });
}

function transcriptOf(body: JsonObject, source: string): TranscribeReply {
  const result = asObject(body["result"]);
  const transcription = asObject(result?.["transcription"]);
  const text = asString(transcription?.["full_transcript"]);
  if (text === undefined) throw malformedJob(source);
  const metadata = asObject(result?.["metadata"]);
  const utterances = asArray(transcription?.["utterances"]).filter(isObject);
  const segments = spoken(utterances);
  const words = utterances.flatMap((utterance) => spoken(utterance["words"]));
  const [language] = asArray(transcription?.["languages"]);
  return {
    text: text.trim(),
    ...defined({
      id: asString(body["id"]),
      language: nonEmpty(language),
      durationSeconds: asNumber(metadata?.["audio_duration"]),
      billedSeconds: asNumber(metadata?.["billing_time"]),
      segments: segments.length === 0 ? undefined : segments,
      words: words.length === 0 ? undefined : words.map((word) => ({ ...word, text: word.text.trim() })),
    }),
  };
}
