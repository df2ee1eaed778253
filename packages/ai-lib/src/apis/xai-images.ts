import type { KindCodec } from "../core/contract/dialect.js";
import type { Warning } from "../core/values/answer.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { aspectOf, decodePictures, urlOfPicture } from "../dialects/shared/common/pictures.js";

/** Pictures of xAI: https://docs.x.ai/docs/guides/image-generations */
export const codec: KindCodec<"image"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const { prompt, n, user, images = [] } = request;
    for (const field of ["quality", "background", "format", "seed", "mask"] as const)
      if (request[field] !== undefined) warnings.push(leftOut(field, "xAI has no field for it"));
    const body = defined({
      model: target.model,
      prompt,
      n,
      aspect_ratio: aspectOf(request, warnings),
      user,
      response_format: "b64_json",
      images:
        images.length === 0
          ? undefined
          : images.map((image) => ({ type: "image_url", url: urlOfPicture(image) })),
    });
    const path = images.length === 0 ? "/images/generations" : "/images/edits";
    return { http: jsonPost(path, body, request, target), warnings };
  },
  decode: decodePictures,
};
