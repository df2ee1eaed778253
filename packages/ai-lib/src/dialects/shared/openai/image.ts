import type { DialectTarget, Encoded, KindCodec, ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { imageLaws } from "../../../core/kinds/image.js";
import type { Warning } from "../../../core/values/answer.js";
import { base64OfBytes } from "../../../core/values/base64.js";
import type { ImageRequest, ImageResponse, Picture } from "../../../core/values/image.js";
import {
  asNumber,
  asString,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import { defined } from "../common/body-fields.js";
import { extended, extensionsOf, unknownFields } from "../common/extensions.js";
import { formFields } from "../common/form-fields.js";
import { jsonFor } from "../common/headers.js";
import { bodyOf } from "../common/kind-requests.js";
import { type FormPart, formPost } from "../common/multipart.js";
import { readForm, textOfPart } from "../common/multipart-reader.js";
import { decodePictures, picturePart, picturesFrom, sizeOf } from "../common/pictures.js";
import { wellFormedJson } from "../common/well-formed.js";

/**
 * Pictures as OpenAI and many others make them (https://platform.openai.com/docs/api-reference/images/create), and change
 * them (https://platform.openai.com/docs/api-reference/images/createEdit).
 */
export const imageCodec: KindCodec<"image"> = { encode, decode: decodePictures };

/** https://platform.openai.com/docs/guides/image-generation#size-and-quality-options */
const SIZES = ["1024x1024", "1536x1024", "1024x1536"];

function encode(request: ImageRequest, target: DialectTarget): Encoded {
  const warnings: Warning[] = [];
  const { prompt, n, quality, background, format, seed, user, images = [], mask } = request;
  const fields = defined({
    model: target.model,
    prompt,
    n,
    size: sizeOf(request, SIZES, warnings),
    quality,
    background,
    output_format: format,
    seed,
    user,
    // Only these answer with URLs unless they are asked, and the newer ones refuse the field.
    response_format: target.model.startsWith("dall-e") ? "b64_json" : undefined,
  });
  if (images.length === 0)
    return {
      http: {
        method: "POST",
        path: "/images/generations",
        headers: jsonFor("unary"),
        body: wellFormedJson(
          extended(fields as MutableJson, request.extensions, "openai-chat", target.provider),
        ),
      },
      warnings,
    };
  const parts: FormPart[] = [
    ...Object.entries(fields).map(([name, value]) => ({ name, value: String(value) })),
    ...formFields(request.extensions, "openai-chat", target.provider),
    ...images.map((image, i) =>
      picturePart(images.length === 1 ? "image" : "image[]", image, `images.${i}`, target),
    ),
    ...(mask === undefined ? [] : [picturePart("mask", mask, "mask", target)]),
  ];
  return { http: formPost("/images/edits", parts), warnings };
}

const EDITS = /\/images\/edits$/;

/** The server's side of {@link imageCodec}. */
export const imageServer: ServerKindCodec<"image"> = {
  laws: imageLaws,
  matches: ({ method, path }) =>
    method === "POST" && (path.endsWith("/images/generations") || EDITS.test(path)),
  decode,
  encode: encodeReply,
};

const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "prompt",
  "n",
  "size",
  "quality",
  "background",
  "output_format",
  "seed",
  "user",
  "image",
  "images",
  "mask",
]);

/** @throws {AiLibError} `INVALID_REQUEST` for a body without a prompt. */
function decode(http: HttpRequest): ImageRequest {
  const form = (http.headers["content-type"] ?? "").startsWith("multipart/");
  const [fields, images, mask] = form ? fromForm(http) : fromJson(bodyOf(http.body));
  const prompt = asString(fields["prompt"]);
  if (prompt === undefined) throw invalidRequest("`prompt` must be a text");
  const size = asString(fields["size"]);
  const background = fields["background"];
  const format = fields["output_format"];
  return {
    ...defined({ model: asString(fields["model"]) }),
    prompt,
    ...defined({
      n: asNumber(fields["n"]),
      // "auto" leaves it to the model.
      size: size === "auto" ? undefined : size,
      quality: asString(fields["quality"]),
      background: known(background, ["transparent", "opaque"] as const),
      format: known(format, ["png", "jpeg", "webp"] as const),
      seed: asNumber(fields["seed"]),
      user: asString(fields["user"]),
      images: images.length === 0 ? undefined : images,
      mask,
    }),
    ...extensionsOf("openai-chat", unknownFields(fields, KNOWN)),
  };
}

/** A value that is among some words; undefined for any other. */
function known<const W extends string>(value: unknown, words: readonly W[]): W | undefined {
  return words.find((word) => word === value);
}

type Read = readonly [fields: JsonObject, images: readonly Picture[], mask: Picture | undefined];

function fromJson(body: JsonObject): Read {
  const [mask] = picturesFrom(body["mask"] === undefined ? [] : [body["mask"]]);
  return [body, picturesFrom(body["images"]), mask];
}

function fromForm({ headers, bytes }: HttpRequest): Read {
  const parts = readForm(headers["content-type"], bytes);
  const pictures = parts.filter(({ filename }) => filename !== undefined);
  const picture = ({ bytes: data, mediaType }: (typeof parts)[number]): Picture => ({
    data: base64OfBytes(data),
    ...defined({ mediaType }),
  });
  const mask = pictures.find(({ name }) => name === "mask");
  const fields = parts
    .filter(({ filename }) => filename === undefined)
    .map((part): [string, Json] => {
      const value = textOfPart(part);
      return [part.name, part.name === "n" || part.name === "seed" ? Number(value) : value];
    });
  return [
    Object.fromEntries(fields),
    pictures.filter(({ name }) => name !== "mask").map(picture),
    mask === undefined ? undefined : picture(mask),
  ];
}

function encodeReply({ images, usage, usageStatus }: ImageResponse): HttpReply {
  const body = {
    created: 0,
    data: images.map(({ data, url, revisedPrompt }) =>
      defined({ b64_json: data, url: data === undefined ? url : undefined, revised_prompt: revisedPrompt }),
    ),
    ...(usageStatus === "unsupported"
      ? {}
      : {
          usage: {
            input_tokens: usage.inputTokens,
            output_tokens: usage.outputTokens,
            total_tokens: usage.inputTokens + usage.outputTokens,
            input_tokens_details: { text_tokens: usage.inputTokens, image_tokens: 0 },
          },
        }),
  };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
