import type { BackgroundCodec, DialectTarget, Job, JobStep } from "../../../core/contract/dialect.js";
import { pathSegment } from "../../../core/contract/places.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Reply } from "../../../core/values/chat-response.js";
import { asObject, asString, tryParse } from "../../../core/values/json.js";
import { defined } from "../../shared/common/body-fields.js";
import { quirksOf } from "../shared/quirks.js";
import { decodeReply } from "./reply.js";

/** Responses that run without a connection. https://platform.openai.com/docs/guides/background */
export const background: BackgroundCodec = {
  // The vendor must store a response that it returns later.
  prepare: (request, { provider }) => ({
    ...request,
    store: true,
    extensions: {
      ...request.extensions,
      [provider]: { ...request.extensions?.[provider], background: true },
    },
  }),
  begin: read,
  begun(frame) {
    const id = asString(asObject(asObject(tryParse(frame.data))?.["response"])?.["id"]);
    return id === undefined ? undefined : { id };
  },
  next: (job, target) => ({ method: "GET", ...placeOf(job, target) }),
  read: (reply, _job, target) => read(reply, target),
  cancel: (job, target) => ({ method: "POST", ...placeOf(job, target, "/cancel") }),
  stream(job, after, target) {
    const place = placeOf(job, target);
    const cursor = after === undefined ? {} : { starting_after: String(after) };
    return { method: "GET", ...place, query: { ...place.query, stream: "true", ...cursor } };
  },
  cursorField: "sequence_number",
  ends: ["response.completed", "response.incomplete", "response.failed", "response.cancelled", "error"],
};

function placeOf({ id }: Job, target: DialectTarget, rest = ""): Omit<HttpRequest, "method"> {
  const { path = "/responses", query } = quirksOf(target);
  return { path: `${path}/${pathSegment(id, "The response")}${rest}`, headers: {}, ...defined({ query }) };
}

function read(reply: HttpReply, target: DialectTarget): JobStep<Reply> {
  const body = parseBody(reply.body);
  const word = asString(body["status"]);
  if (word === "cancelled") {
    const message = "The response in the background was cancelled";
    return {
      state: "cancelled",
      error: new AiLibError({ code: "PROVIDER_ERROR", message, body: reply.body }),
    };
  }
  if (word !== "queued" && word !== "in_progress")
    return { state: "done", reply: decodeReply(reply, target) };
  const id = asString(body["id"]);
  if (id === undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The response that runs in the background has no id",
      body: reply.body,
    });
  return { state: word === "queued" ? "pending" : "running", word, job: { id } };
}
