import type { Warning } from "../core/values/answer.js";
import type { ImageRequest } from "../core/values/image.js";
import type { MutableJson } from "../core/values/json.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { decodePictures, urlOfPicture } from "../dialects/shared/common/pictures.js";
import { falJobs, falPath } from "./fal-queue.js";
import { jobCodec } from "./job-codec.js";

/** Pictures of models on fal: https://fal.ai/models/fal-ai/flux/schnell/api */
export const codec = jobCodec<"image">(
  (request, target) => {
    const { prompt, n, aspectRatio, format, seed, images = [], mask } = request;
    const warnings: Warning[] = [];
    for (const field of ["quality", "background", "user"] as const)
      if (request[field] !== undefined)
        warnings.push(leftOut(field, "models of fal have fields of their own: extensions.fal"));
    const [first] = images;
    const body = defined({
      prompt,
      num_images: n,
      image_size: sizeOf(request),
      aspect_ratio: aspectRatio,
      output_format: format,
      seed,
      image_url: images.length === 1 && first !== undefined ? urlOfPicture(first) : undefined,
      image_urls: images.length > 1 ? images.map(urlOfPicture) : undefined,
      mask_url: mask === undefined ? undefined : urlOfPicture(mask),
    });
    return { http: jsonPost(falPath(target.model), body, request, target), warnings };
  },
  falJobs((reply) => decodePictures(reply)),
);

function sizeOf({ size }: ImageRequest): MutableJson | undefined {
  if (size === undefined) return undefined;
  const [width = 0, height = 0] = size.split("x").map(Number);
  return { width, height };
}
