import type { Warning } from "../core/values/answer.js";
import { asString } from "../core/values/json.js";
import { defined, nonEmpty } from "../dialects/shared/common/body-fields.js";
import { parseDataUri } from "../dialects/shared/common/data-uri.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { urlOfPicture } from "../dialects/shared/common/pictures.js";
import { jobCodec } from "./job-codec.js";
import { predictionJobs, predictionPost } from "./replicate-predictions.js";

/** Pictures of models on Replicate, whose inputs differ by model: others go into `extensions.replicate`. */
export const codec = jobCodec<"image">(
  (request, target) => {
    const { prompt, n, size, aspectRatio, format, seed, images = [], mask } = request;
    const warnings: Warning[] = [];
    for (const field of ["quality", "background", "user"] as const)
      if (request[field] !== undefined)
        warnings.push(leftOut(field, "models of Replicate have inputs of their own: extensions.replicate"));
    if (images.length > 1)
      warnings.push(leftOut("images.1", "one picture is sent as `image`; extensions.replicate takes lists"));
    const [width, height] = size?.split("x").map(Number) ?? [];
    const [first] = images;
    const input = defined({
      prompt,
      num_outputs: n,
      width,
      height,
      aspect_ratio: aspectRatio,
      output_format: format === "jpeg" ? "jpg" : format,
      seed,
      image: first === undefined ? undefined : urlOfPicture(first),
      mask: mask === undefined ? undefined : urlOfPicture(mask),
    });
    return {
      http: predictionPost(target.model, input, request.extensions, target.provider),
      warnings,
    };
  },
  predictionJobs<"image">(
    (urls, body) => ({
      images: urls.map((url) => parseDataUri(url) ?? { url }),
      ...defined({ id: asString(body["id"]), model: nonEmpty(body["model"]) }),
    }),
    ({ n = 1 }) => n,
  ),
);
