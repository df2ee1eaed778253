import type {
  DialectTarget,
  Encoded,
  KindCodec,
  ServedStream,
  ServerKindCodec,
} from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { imageLaws } from "../../../core/kinds/image.js";
import type { Warning } from "../../../core/values/answer.js";
import { base64OfBytes } from "../../../core/values/base64.js";
import type { ImageRequest, ImageResponse, MadePicture, Picture } from "../../../core/values/image.js";
import {
  asNumber,
  asString,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { Usage } from "../../../core/values/usage.js";
import { defined, numberField } from "../common/body-fields.js";
import { extensionsOf, unknownFields } from "../common/extensions.js";
import { formFields } from "../common/form-fields.js";
import { jsonPost, jsonReply } from "../common/json-post.js";
import { bodyOf, leftOut } from "../common/kind-requests.js";
import { kindWriter } from "../common/kind-writer.js";
import { type FormPart, formPost } from "../common/multipart.js";
import { readForm, textOfPart } from "../common/multipart-reader.js";
import { decodePictures, picturePart, picturesFrom, sizeOf } from "../common/pictures.js";
import { streamJson } from "../common/stream-json.js";
import { markedUsage } from "../common/usage-mark.js";
import { errorBody } from "./error-encode.js";
import { pictureStream } from "./picture-stream.js";

/**
 * Pictures as OpenAI and many others make them (https://platform.openai.com/docs/api-reference/images/create), and change
 * them (https://platform.openai.com/docs/api-reference/images/createEdit).
 */
export const imageCodec: KindCodec<"image"> = {
  encode: (request, target) => encode(request, target, {}),
  decode: decodePictures,
  stream: {
    ...pictureStream,
    encode(request, target) {
      const { partialImages = 0 } = request;
      // dall-e, and pictures of other vendors at the same path, do not stream.
      if (STREAMS.test(target.model))
        return encode(request, target, { stream: true, partial_images: partialImages });
      const { http, warnings } = encode(request, target, {});
      if (partialImages === 0) return { http, warnings };
      return { http, warnings: [...warnings, leftOut("partialImages", "this model does not stream")] };
    },
  },
};

/** https://platform.openai.com/docs/guides/image-generation#streaming */
const STREAMS = /^(gpt-image|chatgpt-image)/;

/** https://platform.openai.com/docs/guides/image-generation#size-and-quality-options */
const SIZES = ["1024x1024", "1536x1024", "1024x1536"];

function encode(
  request: ImageRequest,
  target: DialectTarget,
  streaming: { readonly stream?: true; readonly partial_images?: number },
): Encoded {
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
    ...streaming,
  });
  if (images.length === 0)
    return {
      http: jsonPost("/images/generations", fields as MutableJson, request, target, "openai-chat"),
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

/** The server half of {@link imageCodec}. */
export const imageServer: ServerKindCodec<"image"> = {
  laws: imageLaws,
  matches: ({ method, path }) =>
    method === "POST" && (path.endsWith("/images/generations") || EDITS.test(path)),
  decode,
  encode: encodeReply,
  stream(http, request) {
    const [fields] = readFields(http);
    if (fields["stream"] !== true && fields["stream"] !== "true") return undefined;
    return events(EDITS.test(http.path) ? "image_edit" : "image_generation", request);
  },
};

/** https://platform.openai.com/docs/api-reference/image-streaming */
function events(
  prefix: "image_edit" | "image_generation",
  { background, quality = "auto", size = "auto", format = "png" }: ImageRequest,
): ServedStream<"image"> {
  return {
    framing: "sse",
    encoder(write) {
      const send = (type: string, fields: object) =>
        write({
          event: type,
          data: JSON.stringify({
            type,
            created_at: 0,
            background: background ?? "auto",
            quality,
            size,
            output_format: format,
            ...fields,
          }),
        });
      // The usage belongs into the event of a picture, but arrives after the last picture, so each picture waits for
      // the next event.
      const ready: MadePicture[] = [];
      const complete = (usage: JsonObject) => {
        for (const { data } of ready.splice(0)) send(`${prefix}.completed`, { b64_json: data ?? "", usage });
      };
      return kindWriter(imageLaws, {
        content(event) {
          if (event.type === "image") {
            complete(usageOf({ inputTokens: 0, outputTokens: 0 }));
            ready.push(event.image);
          } else
            send(`${prefix}.partial_image`, {
              b64_json: event.image.data ?? "",
              partial_image_index: event.partial,
            });
        },
        finish: (response) => complete(markedUsage(usageOf(response.usage), response)),
        fail: (error) => write({ event: "error", data: streamJson(errorBody(error)) }),
      });
    },
  };
}

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
  "stream",
  "partial_images",
]);

/** @throws {AiLibError} `INVALID_REQUEST` for a body without a prompt. */
function decode(http: HttpRequest): ImageRequest {
  const [fields, images, mask] = readFields(http);
  const prompt = asString(fields["prompt"]);
  if (prompt === undefined) throw invalidRequest("`prompt` must be a text");
  const size = asString(fields["size"]);
  const background = fields["background"];
  const format = fields["output_format"];
  return {
    ...defined({ model: asString(fields["model"]) }),
    prompt,
    ...defined({
      n: numberField(fields, "n"),
      // "auto" leaves it to the model.
      size: size === "auto" ? undefined : size,
      quality: asString(fields["quality"]),
      background: known(background, ["transparent", "opaque"] as const),
      format: known(format, ["png", "jpeg", "webp"] as const),
      seed: asNumber(fields["seed"]),
      user: asString(fields["user"]),
      partialImages: asNumber(fields["partial_images"]),
      images: images.length === 0 ? undefined : images,
      mask,
    }),
    ...extensionsOf("openai-chat", unknownFields(fields, KNOWN)),
  };
}

function readFields(http: HttpRequest): Read {
  const form = (http.headers["content-type"] ?? "").startsWith("multipart/");
  return form ? fromForm(http) : fromJson(bodyOf(http.body));
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

const NUMBERS: ReadonlySet<string> = new Set(["n", "seed", "partial_images"]);

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
      return [part.name, NUMBERS.has(part.name) ? Number(value) : value];
    });
  return [
    Object.fromEntries(fields),
    pictures.filter(({ name }) => name !== "mask").map(picture),
    mask === undefined ? undefined : picture(mask),
  ];
}

function encodeReply(response: ImageResponse): HttpReply {
  const { images, usage, usageStatus } = response;
  const body = {
    created: 0,
    data: images.map(({ data, url, revisedPrompt }) =>
      defined({ b64_json: data, url: data === undefined ? url : undefined, revised_prompt: revisedPrompt }),
    ),
    ...(usageStatus === "unsupported" ? {} : { usage: markedUsage(usageOf(usage), response) }),
  };
  return jsonReply(body);
}

function usageOf({ inputTokens, outputTokens }: Usage): JsonObject {
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    input_tokens_details: { text_tokens: inputTokens, image_tokens: 0 },
  };
}
