import { pathSegment } from "../core/contract/places.js";
import { parseBody } from "../core/errors/parse-body.js";
import type { Warning } from "../core/values/answer.js";
import { asArray, asNumber, asObject, asString, isObject, type JsonObject } from "../core/values/json.js";
import type { TranscribeReply, TranscribeRequest } from "../core/values/transcription.js";
import { defined, nonEmpty } from "../dialects/shared/common/body-fields.js";
import { JSON_BODY } from "../dialects/shared/common/headers.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { formPost } from "../dialects/shared/common/multipart.js";
import { soundPart, spoken } from "../dialects/shared/common/transcripts.js";
import { wellFormedJson } from "../dialects/shared/common/well-formed.js";
import { failedJob, jobCodec, malformedJob } from "./job-codec.js";

/** Transcripts of Gladia, by jobs: bytes are uploaded first. https://docs.gladia.io/api-reference/pre-recorded-flow */
export const codec = jobCodec<"transcribe">(
  (request, target) => {
    const { audio } = request;
    const warnings = warningsOf(request);
    if (audio.data !== undefined)
      return { http: formPost("/upload", [soundPart(audio, target, "audio")]), warnings };
    const body = { audio_url: audio.url ?? "", ...fieldsOf(request, target.model) };
    return { http: jsonPost("/pre-recorded", body, request, target), warnings };
  },
  {
    begin(reply, target, request) {
      const body = parseBody(reply.body);
      const uploaded = asString(body["audio_url"]);
      if (uploaded === undefined) return stepOf(body, reply.body);
      const own = request.extensions?.[target.provider];
      const data = { audio_url: uploaded, ...fieldsOf(request, target.model), ...own };
      return { state: "pending", now: true, word: "uploaded", job: { id: "", step: "start", data } };
    },
    next: ({ id, step, data }) =>
      step === "start"
        ? { method: "POST", path: "/pre-recorded", headers: JSON_BODY, body: wellFormedJson(data) }
        : { method: "GET", path: `/pre-recorded/${pathSegment(id, "The job")}`, headers: {} },
    read: (reply) => stepOf(parseBody(reply.body), reply.body),
    // It deletes the job with its sound, whatever state it is in.
    cancel: ({ id }) =>
      id === ""
        ? undefined
        : { method: "DELETE", path: `/pre-recorded/${pathSegment(id, "The job")}`, headers: {} },
  },
);

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

function stepOf(body: JsonObject, source: string) {
  const id = asString(body["id"]);
  const word = asString(body["status"]);
  if (word === "done") return { state: "done" as const, reply: transcriptOf(body, source) };
  if (word === "error")
    throw failedJob(asString(body["error_message"]) ?? `error ${String(body["error_code"] ?? "")}`, source);
  if (id === undefined) throw malformedJob(source);
  return {
    state: word === "processing" ? ("running" as const) : ("pending" as const),
    word,
    job: { id },
  };
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
