import type { KindCodec } from "../core/contract/dialect.js";
import type { Warning } from "../core/values/answer.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { decodePictures, urlOfPicture } from "../dialects/shared/common/pictures.js";

/** Pictures of OpenRouter: https://openrouter.ai/docs/api/reference/images */
export const codec: KindCodec<"image"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const { prompt, n, size, aspectRatio, quality, background, format, seed, user, images = [] } = request;
    if (request.mask !== undefined) warnings.push(leftOut("mask", "OpenRouter has no field for it"));
    const body = defined({
      model: target.model,
      prompt,
      n,
      size,
      aspect_ratio: aspectRatio,
      quality,
      background,
      output_format: format,
      seed,
      user,
      input_references:
        images.length === 0
          ? undefined
          : images.map((image) => ({ type: "image_url", image_url: { url: urlOfPicture(image) } })),
    });
    return { http: jsonPost("/images", body, request, target), warnings };
  },
  decode: decodePictures,
};
