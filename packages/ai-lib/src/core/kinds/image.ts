import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import type { ImageReply, ImageRequest, ImageResponse, MadePicture } from "../values/image.js";
import { isObject } from "../values/json.js";
import type { Modality } from "../values/model.js";
import { tokensOf } from "../values/usage.js";
import { adviseOnField } from "./advise.js";
import type { FetchedFile, KindLaws, ReplyFrame, Requirements } from "./laws.js";
import { TOKENS_PER_PICTURE } from "./parts-input.js";
import { TEXT_ONLY } from "./requirements.js";
import { type ReplyDraft, streamed } from "./streamed.js";
import { checkFields, checkWhole, checkWord } from "./unary.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "prompt",
  "n",
  "size",
  "aspectRatio",
  "quality",
  "background",
  "format",
  "seed",
  "images",
  "mask",
  "bytes",
  "partialImages",
  "user",
  "extensions",
] satisfies (keyof ImageRequest)[]);

/** A picture of one pixel, for tests. */
const SAMPLE = {
  data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  mediaType: "image/png",
};

/** The rules of the kind `image`. Two providers never return the same picture, so the kind is not hedged. */
export const imageLaws: KindLaws<"image"> = {
  ...streamed<"image">({
    draft: picturesDraft,
    respond,
    content: ({ images }) => images.map((image, index) => ({ type: "image", index, image })),
  }),
  streamFields: ["partialImages"],
  explain: (error, { size, aspectRatio }) =>
    adviseOnField(error, [
      {
        set: size !== undefined,
        words: /size|width|height|dimension|resolution/i,
        advice: `the model may not make "${size}": give another \`size\`, or \`aspectRatio\` for the nearest one`,
      },
      {
        set: aspectRatio !== undefined,
        words: /size|aspect|ratio/i,
        advice: `the model may not make "${aspectRatio}": give another \`aspectRatio\`, or \`size\``,
      },
    ]),
  kind: "image",
  idempotent: false,
  validate,
  estimate: ({ prompt, images = [], n = 1 }) => ({
    inputTokens: tokensOf(prompt.length) + images.length * TOKENS_PER_PICTURE,
    outputTokens: n * TOKENS_PER_PICTURE,
    units: { images: n },
  }),
  requirements,
  respond,
  warningsOf: (reply) => reply.warnings ?? [],
  wantsFiles: ({ bytes }) => bytes === true,
  files: ({ images }) => images.flatMap((one) => urlOf(one) ?? []),
  withFiles,
  sample: ({ n = 1 }) => ({ images: Array.from({ length: n }, () => SAMPLE) }),
};

/** Collects the finished pictures. Unfinished ones are events only, and not part of the answer. */
function picturesDraft(): ReplyDraft<"image"> {
  const images: MadePicture[] = [];
  return {
    add({ type, image }) {
      if (type === "image") images.push(image);
      return image.data?.length ?? image.url?.length ?? 0;
    },
    reply: (end) => (end === undefined && images.length === 0 ? undefined : { ...end, images }),
  };
}

/** @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change. */
function validate(request: ImageRequest): void {
  checkFields("pictures", request, REQUEST_FIELDS);
  const { prompt, n, size, aspectRatio, images = [], mask } = request;
  if (typeof prompt !== "string" || prompt === "")
    throw invalidRequest("`prompt` must be a text that is not empty");
  checkWhole("n", n, 1);
  const { partialImages } = request;
  checkWhole("partialImages", partialImages, 0);
  if (partialImages !== undefined && partialImages > 3)
    throw invalidRequest(`\`partialImages\` must be at most 3, not ${partialImages}`);
  checkWhole("seed", request.seed, 0);
  checkWord("background", request.background, ["transparent", "opaque"]);
  checkWord("format", request.format, ["png", "jpeg", "webp"]);
  if (request.bytes !== undefined && typeof request.bytes !== "boolean")
    throw invalidRequest("`bytes` must be true or false");
  if (size !== undefined && !/^[1-9]\d{0,4}x[1-9]\d{0,4}$/.test(size))
    throw invalidRequest(`\`size\` must be width and height, such as "1024x1024", not "${String(size)}"`);
  if (aspectRatio !== undefined && !/^[1-9]\d{0,3}:[1-9]\d{0,3}$/.test(aspectRatio))
    throw invalidRequest(`\`aspectRatio\` must be a shape, such as "16:9", not "${String(aspectRatio)}"`);
  if (!Array.isArray(images)) throw invalidRequest("`images` must be a list of pictures");
  images.forEach((image, i) => {
    checkPicture(image, `images.${i}`);
  });
  if (mask === undefined) return;
  if (images.length === 0) throw invalidRequest("`mask` needs a picture in `images` that it is laid over");
  checkPicture(mask, "mask");
}

function checkPicture(picture: unknown, at: string): void {
  if (!isObject(picture) || (typeof picture["data"] !== "string" && typeof picture["url"] !== "string"))
    throw invalidRequest(`\`${at}\` must have \`data\` (base64) or a \`url\``);
}

function requirements({ images }: ImageRequest): Requirements {
  const input: Modality[] = images === undefined || images.length === 0 ? ["text"] : ["text", "image"];
  return { ...TEXT_ONLY, input: new Set(input), output: new Set<Modality>(["image"]) };
}

function urlOf({ data, url }: MadePicture): string | undefined {
  return data === undefined ? url : undefined;
}

/** A picture that could not be fetched keeps its URL, with a warning. */
function withFiles(reply: ImageReply, files: readonly (FetchedFile | undefined)[]): ImageReply {
  let at = 0;
  const warnings: Warning[] = [...(reply.warnings ?? [])];
  const images = reply.images.map((image, i): MadePicture => {
    if (urlOf(image) === undefined) return image;
    const file = files[at++];
    if (file === undefined) {
      const message = `Picture ${i + 1} could not be fetched; its URL expires soon`;
      warnings.push({ code: "other", field: "bytes", message });
      return image;
    }
    const { url: _url, ...rest } = image;
    return { ...rest, ...file };
  });
  return { ...reply, images, warnings };
}

function respond(reply: ImageReply, warnings: readonly Warning[], frame: ReplyFrame): ImageResponse {
  return {
    id: reply.id ?? frame.id,
    provider: frame.provider,
    model: reply.model ?? frame.model,
    images: reply.images,
    ...(reply.text === undefined ? {} : { text: reply.text }),
    usage: { inputTokens: 0, outputTokens: 0, units: { images: reply.images.length }, ...reply.usage },
    usageStatus: reply.usage === undefined ? "unsupported" : "final",
    warnings,
    attempts: frame.attempts,
  };
}
