import type { JobCodec, JobStep } from "../core/contract/dialect.js";
import { pathSegment } from "../core/contract/places.js";
import type { HttpReply, HttpRequest } from "../core/contract/transport.js";
import { invalidRequest } from "../core/errors/error.js";
import { parseBody } from "../core/errors/parse-body.js";
import { asString } from "../core/values/json.js";
import type { Kind, ReplyOf } from "../core/values/kinds.js";
import { failedJob, malformedJob } from "./job-codec.js";

/** A model of fal as a path: `fal-ai/flux/schnell`. @throws {AiLibError} `INVALID_REQUEST` for a name that is no path. */
export function falPath(model: string): string {
  return `/${model
    .split("/")
    .map((segment) => pathSegment(segment, "The model"))
    .join("/")}`;
}

/** The app of a model, which is the owner and the name: its jobs are asked for there. */
function appPath(model: string): string {
  const [owner, name] = model.split("/");
  if (owner === undefined || name === undefined)
    throw invalidRequest(
      `A model of fal is named by owner and name, such as "fal-ai/whisper", not "${model}"`,
    );
  return falPath(`${owner}/${name}`);
}

/**
 * Jobs of fal's queue: https://fal.ai/docs/documentation/model-apis/inference/queue. A base URL of `https://fal.run`
 * answers right away, without a job.
 * @param answer reads the answer of the kind
 */
export function falJobs<K extends Kind>(
  answer: (reply: HttpReply, model: string) => ReplyOf<K>,
): JobCodec<K> {
  const place = (model: string, id: string): string =>
    `${appPath(model)}/requests/${pathSegment(id, "The job")}`;
  return {
    begin: (reply, { model }) => read(reply, model),
    next({ id, step }, { model }): HttpRequest {
      const path = place(model, id);
      return { method: "GET", path: step === "answer" ? path : `${path}/status`, headers: {} };
    },
    read: (reply, { step }, { model }) =>
      step === "answer" ? { state: "done", reply: answer(reply, model) } : read(reply, model),
    withWebhook: (http, url) => ({ ...http, query: { ...http.query, fal_webhook: url } }),
    cancel: ({ id }, { model }) => ({ method: "PUT", path: `${place(model, id)}/cancel`, headers: {} }),
  };

  function read(reply: HttpReply, model: string): JobStep<ReplyOf<K>> {
    const body = parseBody(reply.body);
    const id = asString(body["request_id"]);
    const word = asString(body["status"]);
    if (id === undefined && word === undefined) return { state: "done", reply: answer(reply, model) };
    if (id === undefined) throw malformedJob(reply.body);
    if (word === "COMPLETED") {
      const error = asString(body["error"]);
      if (error !== undefined) throw failedJob(error, reply.body);
      return { state: "running", now: true, word, job: { id, step: "answer" } };
    }
    return { state: word === "IN_PROGRESS" ? "running" : "pending", word, job: { id } };
  }
}
