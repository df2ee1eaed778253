import type { Warning } from "../core/values/answer.js";
import { bytesOfBase64 } from "../core/values/base64.js";
import { asArray, asNumber, asObject, asString, isObject, type JsonObject } from "../core/values/json.js";
import type { SpokenSegment, TranscribeReply, TranscribeRequest } from "../core/values/transcription.js";
import { defined, nonEmpty } from "../dialects/shared/common/body-fields.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { uploadTranscription } from "./upload-transcription.js";

/**
 * Transcripts of AssemblyAI, by jobs. The vendor has no request that stops a job.
 * https://www.assemblyai.com/docs/api-reference/transcripts/submit
 */
export const codec = uploadTranscription({
  path: "/transcript",
  upload: ({ data }) => ({
    method: "POST",
    path: "/upload",
    headers: { "content-type": "application/octet-stream" },
    bytes: bytesOfBase64(data),
  }),
  uploadedUrl: "upload_url",
  fields: fieldsOf,
  warnings: warningsOf,
  done: "completed",
  failure: (body) => asString(body["error"]) ?? "no reason was given",
  transcript: transcriptOf,
  deletes: false,
});

function warningsOf({ prompt, translate }: TranscribeRequest): Warning[] {
  const warnings: Warning[] = [];
  if (prompt !== undefined)
    warnings.push(leftOut("prompt", "AssemblyAI takes words: extensions.assemblyai.keyterms_prompt"));
  if (translate === true) warnings.push(leftOut("translate", "AssemblyAI writes what is spoken"));
  return warnings;
}

function fieldsOf({ language, speakers }: TranscribeRequest, model: string): JsonObject {
  return defined({
    speech_models: [model],
    language_code: language,
    language_detection: language === undefined ? true : undefined,
    speaker_labels: speakers === true ? true : undefined,
  });
}

function transcriptOf(body: JsonObject): TranscribeReply {
  const segments = timesOf(body["utterances"]);
  const words = timesOf(body["words"]);
  return {
    text: asString(body["text"]) ?? "",
    ...defined({
      id: asString(body["id"]),
      language: nonEmpty(body["language_code"]),
      durationSeconds: asNumber(body["audio_duration"]),
      billedSeconds: asNumber(body["audio_duration"]),
      model: nonEmpty(body["speech_model_used"]) ?? nonEmpty(body["speech_model"]),
      segments: segments.length === 0 ? undefined : segments,
      words: words.length === 0 ? undefined : words,
    }),
  };
}

/** Stretches whose times are milliseconds. */
function timesOf(list: unknown): SpokenSegment[] {
  return asArray(list)
    .filter(isObject)
    .flatMap((item) => {
      const { text, start, end, speaker } = asObject(item) ?? {};
      if (typeof text !== "string" || typeof start !== "number" || typeof end !== "number") return [];
      return [
        {
          text,
          start: start / 1000,
          end: end / 1000,
          ...(typeof speaker === "string" ? { speaker } : {}),
        },
      ];
    });
}
