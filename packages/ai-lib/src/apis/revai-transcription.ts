import type { JobStep } from "../core/contract/dialect.js";
import { pathSegment } from "../core/contract/places.js";
import { parseBody } from "../core/errors/parse-body.js";
import type { Warning } from "../core/values/answer.js";
import { asArray, asNumber, asString, isObject, type JsonObject } from "../core/values/json.js";
import type { SpokenSegment, TranscribeReply, TranscribeRequest } from "../core/values/transcription.js";
import { defined, nonEmpty } from "../dialects/shared/common/body-fields.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { formPost } from "../dialects/shared/common/multipart.js";
import { soundPart } from "../dialects/shared/common/transcripts.js";
import { wellFormedJson } from "../dialects/shared/common/well-formed.js";
import { failedJob, jobCodec, malformedJob } from "./job-codec.js";

const TRANSCRIPT = "application/vnd.rev.transcript.v1.0+json";

/**
 * Transcripts of Rev AI, by jobs whose transcript is a document of its own. A job that runs cannot be deleted.
 * https://docs.rev.ai/api/asynchronous/reference/
 */
export const codec = jobCodec<"transcribe">(
  (request, target) => {
    const { audio } = request;
    const warnings = warningsOf(request);
    const fields = fieldsOf(request, target.model);
    if (audio.data === undefined) {
      const body = { source_config: { url: audio.url ?? "" }, ...fields };
      return { http: jsonPost("/jobs", body, request, target), warnings };
    }
    const options = wellFormedJson({ ...fields, ...request.extensions?.[target.provider] });
    const parts = [soundPart(audio, target, "media"), { name: "options", value: options }];
    return { http: formPost("/jobs", parts), warnings };
  },
  {
    begin: (reply) => read(parseBody(reply.body), reply.body),
    next({ id, step }) {
      const path = `/jobs/${pathSegment(id, "The job")}`;
      return step === "transcript"
        ? { method: "GET", path: `${path}/transcript`, headers: { accept: TRANSCRIPT } }
        : { method: "GET", path, headers: {} };
    },
    read: (reply, { id, data }) => read(parseBody(reply.body), reply.body, id, data),
  },
);

function warningsOf({ prompt, translate }: TranscribeRequest): Warning[] {
  const warnings: Warning[] = [];
  if (prompt !== undefined)
    warnings.push(leftOut("prompt", "Rev AI takes vocabularies: extensions.revai.custom_vocabularies"));
  if (translate === true)
    warnings.push(leftOut("translate", "Rev AI adds translations: extensions.revai.translation_config"));
  return warnings;
}

function fieldsOf({ language, speakers = false }: TranscribeRequest, model: string): JsonObject {
  return defined({ transcriber: model, language, skip_diarization: !speakers });
}

/** @param known what the job said before its transcript, which repeats none of it */
function read(
  body: JsonObject,
  source: string,
  given = "",
  known: JsonObject = {},
): JobStep<TranscribeReply> {
  if (Array.isArray(body["monologues"]))
    return { state: "done", reply: { ...transcriptOf(body["monologues"]), ...factsOf(known) } };
  const id = asString(body["id"]) ?? given;
  const word = asString(body["status"]);
  if (word === "failed")
    throw failedJob(
      asString(body["failure_detail"]) ?? asString(body["failure"]) ?? "no reason was given",
      source,
    );
  if (id === "") throw malformedJob(source);
  const data: JsonObject = defined({
    duration: asNumber(body["duration_seconds"]),
    language: nonEmpty(body["language"]),
  });
  if (word === "transcribed")
    return { state: "running", now: true, word, job: { id, step: "transcript", data } };
  return { state: "running", word, job: { id, data } };
}

function factsOf(known: JsonObject): Partial<TranscribeReply> {
  const seconds = asNumber(known["duration"]);
  return defined({
    language: asString(known["language"]),
    durationSeconds: seconds,
    billedSeconds: seconds,
  });
}

/** Words and punctuation as elements, one list for each turn of a speaker. */
function transcriptOf(monologues: readonly unknown[]): TranscribeReply {
  const segments: SpokenSegment[] = [];
  const words: SpokenSegment[] = [];
  const turns = monologues.filter(isObject).map((monologue) => {
    const elements = asArray(monologue["elements"]).filter(isObject);
    const text = elements
      .map(({ value }) => asString(value) ?? "")
      .join("")
      .trim();
    const given = monologue["speaker"];
    const named = typeof given === "number" || typeof given === "string";
    const speaker = named ? { speaker: String(given) } : {};
    const spoken = elements.flatMap(({ value, ts, end_ts }): SpokenSegment[] => {
      const [start, end] = [asNumber(ts), asNumber(end_ts)];
      if (typeof value !== "string" || start === undefined || end === undefined) return [];
      return [{ text: value, start, end, ...speaker }];
    });
    words.push(...spoken);
    const [first, last] = [spoken[0], spoken.at(-1)];
    if (first !== undefined && last !== undefined)
      segments.push({ text, start: first.start, end: last.end, ...speaker });
    return text;
  });
  return {
    text: turns.join("\n"),
    ...(segments.length === 0 ? {} : { segments }),
    ...(words.length === 0 ? {} : { words }),
  };
}
