import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ImageReply, ImageRequest, MadePicture, Picture } from "../../../core/values/image.js";
import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { defined, nonEmpty } from "./body-fields.js";
import { dataUri, parseDataUri } from "./data-uri.js";
import { cannotSay } from "./kind-requests.js";
import type { FormPart } from "./multipart.js";

/** How the base64 of a picture begins, by media type. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["UklGR", "image/webp"],
  ["R0lGOD", "image/gif"],
];

/** The media type that the first bytes of a picture show. */
export function pictureType(data: string): string | undefined {
  return BEGINNINGS.find(([beginning]) => data.startsWith(beginning))?.[1];
}

/**
 * Reads pictures in any known shape: a list `data` or `images`, bytes as `b64_json` or `image`, or URLs.
 * @throws {AiLibError} `INVALID_RESPONSE` for a reply without such a list.
 */
export function decodePictures(reply: HttpReply): ImageReply {
  const body = parseBody(reply.body);
  const list = body["data"] ?? body["images"];
  if (!Array.isArray(list))
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The provider returned no pictures",
      body: reply.body,
    });
  const images = list.filter(isObject).flatMap((row) => {
    const picture = pictureOf(row);
    return picture === undefined ? [] : [picture];
  });
  return {
    images,
    ...defined({
      id: asString(body["id"]),
      model: nonEmpty(body["model"]),
      usage: pictureUsage(asObject(body["usage"])),
    }),
  };
}

function pictureOf(row: JsonObject): MadePicture | undefined {
  const url = asString(row["url"]);
  const inline = url === undefined ? undefined : parseDataUri(url);
  const data = asString(row["b64_json"]) ?? asString(row["image"]) ?? asString(row["base64"]) ?? inline?.data;
  if (data === undefined && url === undefined) return undefined;
  const told = nonEmpty(row["mime_type"]) ?? nonEmpty(row["media_type"]) ?? nonEmpty(row["content_type"]);
  const mediaType = (data === undefined ? undefined : pictureType(data)) ?? told ?? inline?.mediaType;
  return {
    ...(data === undefined ? { url } : { data }),
    ...defined({ mediaType, revisedPrompt: nonEmpty(row["revised_prompt"]) }),
  };
}

/** The usage of pictures, under any known names. */
export function pictureUsage(usage: JsonObject | undefined): Usage | undefined {
  const input = tokenCount(usage?.["input_tokens"]) ?? tokenCount(usage?.["prompt_tokens"]);
  const output = tokenCount(usage?.["output_tokens"]) ?? tokenCount(usage?.["completion_tokens"]);
  if (usage === undefined || (input === undefined && output === undefined)) return undefined;
  const image = tokenCount(asObject(usage["input_tokens_details"])?.["image_tokens"]) ?? 0;
  return {
    inputTokens: input ?? 0,
    outputTokens: output ?? 0,
    ...(image > 0 && { inputByModality: { image } }),
    raw: usage,
  };
}

/** A picture as a URL: its own, or its bytes. */
export function urlOfPicture({ url, data, mediaType }: Picture): string {
  return data === undefined ? (url ?? "") : dataUri(mediaType ?? pictureType(data) ?? "image/png", data);
}

/** A picture as a file of a form. @throws {AiLibError} `UNSUPPORTED_FEATURE` for a picture by URL. */
export function picturePart(
  name: string,
  { data, mediaType }: Picture,
  at: string,
  target: DialectTarget,
): FormPart {
  if (data === undefined)
    throw cannotSay(target, at, "pictures must be sent as bytes: send them, or set `fetchMedia`");
  const type = mediaType ?? pictureType(data) ?? "image/png";
  return {
    name,
    data,
    mediaType: type,
    filename: `${name.replace(/\W/g, "")}.${type.replace("image/", "")}`,
  };
}

/** The size of a request: its own, or the nearest to its shape, with a warning. */
export function sizeOf(
  { size, aspectRatio }: ImageRequest,
  sizes: readonly string[],
  warnings: Warning[],
): string | undefined {
  if (size !== undefined || aspectRatio === undefined) return size;
  const wanted = shapeOf(aspectRatio);
  const nearest = sizes.reduce((best, each) =>
    Math.abs(Math.log(shapeOf(each) / wanted)) < Math.abs(Math.log(shapeOf(best) / wanted)) ? each : best,
  );
  warnings.push({
    code: "changed",
    field: "aspectRatio",
    message: `"aspectRatio" was changed: the nearest size, ${nearest}, was sent`,
  });
  return nearest;
}

/** The shape of a request: its own, or that of its size, with a warning. */
export function aspectOf({ size, aspectRatio }: ImageRequest, warnings: Warning[]): string | undefined {
  if (aspectRatio !== undefined || size === undefined) return aspectRatio;
  const [width = 1, height = 1] = size.split("x").map(Number);
  const common = divisor(width, height);
  const shape = `${width / common}:${height / common}`;
  warnings.push({
    code: "changed",
    field: "size",
    message: `"size" was changed: the model takes shapes, and ${shape} was sent`,
  });
  return shape;
}

function shapeOf(text: string): number {
  const [width = 1, height = 1] = text.split(/[x:]/).map(Number);
  return width / height;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** The rows of a list of pictures from a client. */
export function picturesFrom(list: unknown): readonly Picture[] {
  return asArray(list)
    .map((each) =>
      typeof each === "string"
        ? each
        : (asString(asObject(each)?.["url"]) ?? asString(asObject(each)?.["image_url"])),
    )
    .filter((url) => url !== undefined)
    .map((url) => parseDataUri(url) ?? { url });
}
