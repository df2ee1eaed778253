import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import { pathSegment } from "../../../core/contract/places.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ImageReply, ImageRequest, MadePicture } from "../../../core/values/image.js";
import { asArray, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import { defined } from "../../shared/common/body-fields.js";
import { jsonPost } from "../../shared/common/json-post.js";
import { cannotSay, leftOut } from "../../shared/common/kind-requests.js";
import { aspectOf } from "../../shared/common/pictures.js";

/** Whether a model is one of Imagen's, which have an API of their own. */
export function isImagen(model: string): boolean {
  return model.startsWith("imagen");
}

/** Pictures of Imagen: https://ai.google.dev/gemini-api/docs/imagen */
export function encodeImagen(request: ImageRequest, target: DialectTarget): Encoded {
  const { prompt, n, format, seed, images = [] } = request;
  if (images.length > 0) throw cannotSay(target, "images", "Imagen starts only from text");
  const warnings: Warning[] = [];
  for (const field of ["quality", "background", "user", "mask"] as const)
    if (request[field] !== undefined) warnings.push(leftOut(field, "Imagen has no field for it"));
  const parameters: JsonObject = {
    ...defined({
      sampleCount: n,
      aspectRatio: aspectOf(request, warnings),
      seed,
      outputOptions: format === undefined ? undefined : { mimeType: `image/${format}` },
    }),
    ...request.extensions?.[target.provider],
  };
  const path = `/models/${pathSegment(target.model, "The model")}:predict`;
  const body = { instances: [{ prompt }], parameters };
  return { http: jsonPost(path, body, {}, target), warnings };
}

/** @throws {AiLibError} `CONTENT_FILTERED` where every picture was withheld. */
export function decodeImagen(reply: HttpReply): ImageReply {
  const rows = asArray(parseBody(reply.body)["predictions"]).filter(isObject);
  const images = rows.flatMap((row): MadePicture[] => {
    const data = asString(row["bytesBase64Encoded"]);
    if (data === undefined) return [];
    return [
      { data, ...defined({ mediaType: asString(row["mimeType"]), revisedPrompt: asString(row["prompt"]) }) },
    ];
  });
  if (images.length > 0) return { images };
  const reason = rows.map((row) => asString(row["raiFilteredReason"])).find((each) => each !== undefined);
  throw new AiLibError({
    code: "CONTENT_FILTERED",
    message: `Google withheld the pictures: ${reason ?? "its safety filter gave no reason"}. Change the prompt`,
    body: reply.body,
  });
}
