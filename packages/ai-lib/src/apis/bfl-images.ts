import type { JobStep } from "../core/contract/dialect.js";
import { pathSegment } from "../core/contract/places.js";
import { AiLibError } from "../core/errors/error.js";
import { parseBody } from "../core/errors/parse-body.js";
import type { Warning } from "../core/values/answer.js";
import type { ImageReply, ImageRequest } from "../core/values/image.js";
import { asNumber, asObject, asString, type JsonObject } from "../core/values/json.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { cannotSay, leftOut } from "../dialects/shared/common/kind-requests.js";
import { urlOfPicture } from "../dialects/shared/common/pictures.js";
import { failedJob, jobCodec, malformedJob } from "./job-codec.js";

/**
 * Pictures of Black Forest Labs, by jobs: the reply names the address that is asked, on the host that does the work.
 * The vendor has no request that stops a job. https://docs.bfl.ai/quick_start/generating_images
 */
export const codec = jobCodec<"image">(
  (request, target) => {
    const { prompt, n = 1, aspectRatio, format, seed, mask } = request;
    if (n > 1) throw cannotSay(target, "n", "Black Forest Labs makes one picture a call");
    const warnings: Warning[] = [];
    for (const field of ["quality", "background", "user"] as const)
      if (request[field] !== undefined)
        warnings.push(leftOut(field, "Black Forest Labs has no field for it"));
    if (format === "webp") warnings.push(leftOut("format", "Black Forest Labs makes jpeg and png"));
    const [width, height] = request.size?.split("x").map(Number) ?? [];
    const body: JsonObject = {
      ...defined({
        prompt,
        width,
        height,
        aspect_ratio: aspectRatio,
        output_format: format === "webp" ? undefined : format,
        seed,
        mask: mask === undefined ? undefined : bareData(mask),
      }),
      ...inputsOf(request),
    };
    return { http: jsonPost(`/${pathSegment(target.model, "The model")}`, body, request, target), warnings };
  },
  {
    begin: (reply) => read(parseBody(reply.body), reply.body),
    next: ({ id, data }) => {
      const url = asString(data?.["url"]);
      const place = { method: "GET", path: "/get_result", query: { id }, headers: {} } as const;
      return url === undefined ? place : { ...place, url };
    },
    read: (reply, { data }) => read(parseBody(reply.body), reply.body, data),
  },
);

/** `input_image`, `input_image_2` and so on. */
function inputsOf({ images = [] }: ImageRequest): JsonObject {
  return Object.fromEntries(
    images.map((image, i) => [i === 0 ? "input_image" : `input_image_${i + 1}`, bareData(image)]),
  );
}

/** Bytes as base64 without a prefix, or a URL. */
function bareData(picture: NonNullable<ImageRequest["mask"]>): string {
  return picture.data ?? urlOfPicture(picture);
}

function read(body: JsonObject, source: string, known?: JsonObject): JobStep<ImageReply> {
  const id = asString(body["id"]);
  const word = asString(body["status"]);
  switch (word) {
    case "Ready":
      return { state: "done", reply: answerOf(body, source) };
    case "Request Moderated":
    case "Content Moderated":
      throw new AiLibError({
        code: "CONTENT_FILTERED",
        message: `Black Forest Labs refused the picture: ${word}. Change the prompt or the pictures`,
        body: source,
      });
    case "Error":
    case "Failed":
    case "Task not found":
      throw failedJob(
        asString(body["details"]) ?? asString(asObject(body["result"])?.["error"]) ?? word,
        source,
      );
    default:
      if (id === undefined) throw malformedJob(source);
      return {
        state: word === undefined ? "pending" : "running",
        word,
        progress: asNumber(body["progress"]),
        job: { id, data: known ?? defined({ url: asString(body["polling_url"]) }) },
      };
  }
}

function answerOf(body: JsonObject, source: string): ImageReply {
  const url = asString(asObject(body["result"])?.["sample"]);
  if (url === undefined) throw malformedJob(source);
  return { images: [{ url }], ...defined({ id: asString(body["id"]) }) };
}
