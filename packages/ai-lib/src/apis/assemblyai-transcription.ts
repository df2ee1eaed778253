import { pathSegment } from "../core/contract/places.js";
import { parseBody } from "../core/errors/parse-body.js";
import type { Warning } from "../core/values/answer.js";
import { bytesOfBase64 } from "../core/values/base64.js";
import { asArray, asNumber, asObject, asString, isObject, type JsonObject } from "../core/values/json.js";
import type { SpokenSegment, TranscribeReply, TranscribeRequest } from "../core/values/transcription.js";
import { defined, nonEmpty } from "../dialects/shared/common/body-fields.js";
import { JSON_BODY } from "../dialects/shared/common/headers.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { wellFormedJson } from "../dialects/shared/common/well-formed.js";
import { failedJob, jobCodec, malformedJob } from "./job-codec.js";

/**
 * Transcripts of AssemblyAI, by jobs: bytes are uploaded first. The vendor has no request that stops a job.
 * https://www.assemblyai.com/docs/api-reference/transcripts/submit
 */
export const codec = jobCodec<"transcribe">(
  (request, target) => {
    const { audio } = request;
    const warnings = warningsOf(request);
    if (audio.data !== undefined)
      return {
        http: {
          method: "POST",
          path: "/upload",
          headers: { "content-type": "application/octet-stream" },
          bytes: bytesOfBase64(audio.data),
        },
        warnings,
      };
    const body = { audio_url: audio.url ?? "", ...fieldsOf(request, target.model) };
    return { http: jsonPost("/transcript", body, request, target), warnings };
  },
  {
    begin(reply, target, request) {
      const body = parseBody(reply.body);
      const uploaded = asString(body["upload_url"]);
      if (uploaded === undefined) return stepOf(body, reply.body);
      const own = request.extensions?.[target.provider];
      const data = { audio_url: uploaded, ...fieldsOf(request, target.model), ...own };
      return { state: "pending", now: true, word: "uploaded", job: { id: "", step: "start", data } };
    },
    next: ({ id, step, data }) =>
      step === "start"
        ? { method: "POST", path: "/transcript", headers: JSON_BODY, body: wellFormedJson(data) }
        : { method: "GET", path: `/transcript/${pathSegment(id, "The job")}`, headers: {} },
    read: (reply) => stepOf(parseBody(reply.body), reply.body),
  },
);

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

function stepOf(body: JsonObject, source: string) {
  const id = asString(body["id"]);
  const word = asString(body["status"]);
  if (word === "completed") return { state: "done" as const, reply: transcriptOf(body) };
  if (word === "error") throw failedJob(asString(body["error"]) ?? "no reason was given", source);
  if (id === undefined) throw malformedJob(source);
  return {
    state: word === "processing" ? ("running" as const) : ("pending" as const),
    word,
    job: { id },
  };
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
