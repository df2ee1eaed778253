import type { Job, JobCodec } from "../core/contract/dialect.js";
import { voiceName } from "../core/kinds/voices.js";
import type { Warning } from "../core/values/answer.js";
import { asString } from "../core/values/json.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { decodeSound, noSound } from "../dialects/shared/common/speech.js";
import { jobCodec } from "./job-codec.js";
import { predictionJobs, predictionPost } from "./replicate-predictions.js";

/** What a prediction answers: where its sound is. */
const jobs = predictionJobs<"speak">(([url]) => {
  if (url === undefined) throw noSound("");
  return { audio: { data: url, mediaType: "text/uri-list" } };
});

/** The same, with one more step: the sound is read from its address before that expires. */
const downloads: JobCodec<"speak"> = {
  ...jobs,
  begin: (reply, target, request) => withDownload(jobs.begin(reply, target, request)),
  next: (job, target) =>
    job.step === "download"
      ? { method: "GET", path: "/", url: asString(job.data?.["url"]) ?? "", headers: {} }
      : jobs.next(job, target),
  read: (reply, job, target) =>
    job.step === "download"
      ? { state: "done", reply: decodeSound(reply, undefined) }
      : withDownload(jobs.read(reply, job, target)),
};

function withDownload(step: ReturnType<JobCodec<"speak">["read"]>): typeof step {
  if (step.state !== "done") return step;
  const job: Job = { id: "", step: "download", data: { url: step.reply.audio.data } };
  return { state: "running", now: true, job };
}

/** Speech of models on Replicate, whose inputs differ by model: others go into `extensions.replicate`. */
export const codec = jobCodec<"speak">((request, target) => {
  const { text, speed, extensions } = request;
  const warnings: Warning[] = [];
  for (const field of ["format", "instructions", "language"] as const)
    if (request[field] !== undefined)
      warnings.push(leftOut(field, "models of Replicate have inputs of their own: extensions.replicate"));
  const input = defined({ text, voice: voiceName(request), speed });
  return { http: predictionPost(target.model, input, extensions, target.provider), warnings };
}, downloads);
