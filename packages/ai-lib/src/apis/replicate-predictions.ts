import type { Job, JobCodec, JobStep } from "../core/contract/dialect.js";
import { pathSegment } from "../core/contract/places.js";
import type { HttpReply, HttpRequest } from "../core/contract/transport.js";
import { invalidRequest } from "../core/errors/error.js";
import { parseBody } from "../core/errors/parse-body.js";
import { asArray, asObject, asString, type JsonObject, tryParse } from "../core/values/json.js";
import type { Kind, ReplyOf } from "../core/values/kinds.js";
import type { Extensions } from "../core/values/message.js";
import { JSON_BODY } from "../dialects/shared/common/headers.js";
import { wellFormedJson } from "../dialects/shared/common/well-formed.js";
import { failedJob, malformedJob, stoppedJob } from "./job-codec.js";

const VERSION = /^[0-9a-f]{64}$/;

/**
 * A prediction of Replicate. `Prefer: wait` keeps the request open for a minute, so that most answers need no further
 * one. https://replicate.com/docs/reference/http#predictions.create
 * @param model `owner/name` for an official model, `owner/name:version` or a version for any other
 */
export function predictionPost(
  model: string,
  input: JsonObject,
  extensions: Extensions | undefined,
  provider: string,
): HttpRequest {
  const whole = { ...input, ...extensions?.[provider] };
  const headers = { ...JSON_BODY, prefer: "wait" };
  const version = VERSION.test(model) ? model : model.split(":")[1];
  if (version !== undefined)
    return {
      method: "POST",
      path: "/predictions",
      headers,
      body: wellFormedJson({ version, input: whole }),
    };
  const [owner = "", name = "", ...rest] = model.split("/");
  if (name === "" || rest.length > 0)
    throw invalidRequest(
      `A model of Replicate is "owner/name", "owner/name:version" or a version, not "${model}"`,
    );
  const path = `/models/${pathSegment(owner, "The owner")}/${pathSegment(name, "The model")}/predictions`;
  return { method: "POST", path, headers, body: wellFormedJson({ input: whole }) };
}

/**
 * Jobs of Replicate.
 * @param answer reads the URLs of an output
 * @param wanted outputs that a prediction must have before it is taken while it still runs. Default 1.
 */
export function predictionJobs<K extends Kind>(
  answer: (urls: readonly string[], body: JsonObject) => ReplyOf<K>,
  wanted: (request: Parameters<JobCodec<K>["begin"]>[2]) => number = () => 1,
): JobCodec<K> {
  return {
    begin: (reply, _target, request) => read(reply, { wanted: wanted(request) }),
    next: ({ id }) => ({ method: "GET", path: `/predictions/${pathSegment(id, "The job")}`, headers: {} }),
    read: (reply, { data }) => read(reply, data),
    // https://replicate.com/docs/topics/webhooks/setup-webhook
    withWebhook: (http, url) => ({
      ...http,
      body: wellFormedJson({
        ...asObject(tryParse(http.body ?? "")),
        webhook: url,
        webhook_events_filter: ["completed"],
      }),
    }),
    cancel: ({ id }) => ({
      method: "POST",
      path: `/predictions/${pathSegment(id, "The job")}/cancel`,
      headers: JSON_BODY,
      body: "{}",
    }),
  };

  function read(reply: HttpReply, data: Job["data"]): JobStep<ReplyOf<K>> {
    const body = parseBody(reply.body);
    const id = asString(body["id"]);
    const word = asString(body["status"]);
    const urls = urlsOf(body["output"]);
    // With `Prefer: wait` the output may be there while the status still says "processing".
    const enough = urls.length >= Math.max(1, Number(data?.["wanted"] ?? 1));
    if (word === "succeeded" || (word === "processing" && enough))
      return { state: "done", reply: answer(urls, body) };
    if (word === "failed") throw failedJob(asString(body["error"]) ?? "no reason was given", reply.body);
    if (word === "canceled" || word === "aborted")
      return { state: "cancelled", error: stoppedJob(word, reply.body) };
    if (id === undefined) throw malformedJob(reply.body);
    return { state: word === "processing" ? "running" : "pending", word, job: { id, data: data ?? {} } };
  }
}

/** A URL, or a list of them. */
function urlsOf(output: unknown): string[] {
  return typeof output === "string" ? [output] : asArray(output).filter((url) => typeof url === "string");
}
