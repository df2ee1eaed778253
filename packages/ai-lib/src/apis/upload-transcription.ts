import type { DialectTarget, JobStep, KindCodec } from "../core/contract/dialect.js";
import { pathSegment } from "../core/contract/places.js";
import type { HttpRequest } from "../core/contract/transport.js";
import { parseBody } from "../core/errors/parse-body.js";
import type { Warning } from "../core/values/answer.js";
import { asString, type JsonObject } from "../core/values/json.js";
import type { SoundSource, TranscribeReply, TranscribeRequest } from "../core/values/transcription.js";
import { JSON_BODY } from "../dialects/shared/common/headers.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { wellFormedJson } from "../dialects/shared/common/well-formed.js";
import { failedJob, jobCodec, malformedJob } from "./job-codec.js";

/** A vendor whose transcripts are jobs about a sound at a URL, and who keeps uploaded bytes at one. */
interface UploadTranscription {
  /** Where jobs are started, and asked for below. */
  readonly path: string;
  /** The request that uploads bytes. */
  upload(audio: SoundSource & { readonly data: string }, target: DialectTarget): HttpRequest;
  /** The field of its reply that has the URL. */
  readonly uploadedUrl: string;
  /** The fields of a job besides the sound. */
  fields(request: TranscribeRequest, model: string): JsonObject;
  warnings(request: TranscribeRequest): Warning[];
  /** The vendor's word for a job that is done. */
  readonly done: string;
  /** Why a job failed. */
  failure(body: JsonObject): string;
  /** The transcript of a job that is done. @param source the text of the reply, for errors */
  transcript(body: JsonObject, source: string): TranscribeReply;
  /** Whether a `DELETE` of a job stops it. */
  readonly deletes: boolean;
}

/** Transcripts of such a vendor: bytes are uploaded first. */
export function uploadTranscription(vendor: UploadTranscription): KindCodec<"transcribe"> {
  const { path, uploadedUrl } = vendor;
  const jobPath = (id: string) => `${path}/${pathSegment(id, "The job")}`;
  const step = (body: JsonObject, source: string) => stepOf(vendor, body, source);
  return jobCodec<"transcribe">(
    (request, target) => {
      const { audio } = request;
      const { data } = audio;
      const warnings = vendor.warnings(request);
      if (data !== undefined) return { http: vendor.upload({ ...audio, data }, target), warnings };
      const body = { audio_url: audio.url ?? "", ...vendor.fields(request, target.model) };
      return { http: jsonPost(path, body, request, target), warnings };
    },
    {
      begin(reply, target, request) {
        const body = parseBody(reply.body);
        const uploaded = asString(body[uploadedUrl]);
        if (uploaded === undefined) return step(body, reply.body);
        const own = request.extensions?.[target.provider];
        const data = { audio_url: uploaded, ...vendor.fields(request, target.model), ...own };
        return { state: "pending", now: true, word: "uploaded", job: { id: "", step: "start", data } };
      },
      next: ({ id, step: due, data }) =>
        due === "start"
          ? { method: "POST", path, headers: JSON_BODY, body: wellFormedJson(data) }
          : { method: "GET", path: jobPath(id), headers: {} },
      read: (reply) => step(parseBody(reply.body), reply.body),
      ...(vendor.deletes && {
        cancel: ({ id }) => (id === "" ? undefined : { method: "DELETE", path: jobPath(id), headers: {} }),
      }),
    },
  );
}

function stepOf(vendor: UploadTranscription, body: JsonObject, source: string): JobStep<TranscribeReply> {
  const id = asString(body["id"]);
  const word = asString(body["status"]);
  if (word === vendor.done) return { state: "done", reply: vendor.transcript(body, source) };
  if (word === "error") throw failedJob(vendor.failure(body), source);
  if (id === undefined) throw malformedJob(source);
  return {
    state: word === "processing" ? "running" : "pending",
    ...(word !== undefined && { word }),
    job: { id },
  };
}
