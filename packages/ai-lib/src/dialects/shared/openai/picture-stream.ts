import type { KindStreamCodec, StreamHead } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { ImageRequest, Picture } from "../../../core/values/image.js";
import { asNumber, asObject, asString, type JsonObject } from "../../../core/values/json.js";
import { pictureType, pictureUsage } from "../common/pictures.js";
import { EventDecoder } from "./event-decoder.js";

/** Pictures as they become ready, unfinished ones before. */
export const pictureStream: KindStreamCodec<"image"> = {
  decoder: (head, out, request) => new PictureDecoder(head, out, request),
};

/** https://platform.openai.com/docs/api-reference/image-streaming; a stream has no other end than its last picture. */
class PictureDecoder extends EventDecoder<"image"> {
  private readonly wanted: number;
  private ready = 0;

  constructor(head: StreamHead, out: PartSink<"image">, { n = 1 }: ImageRequest) {
    super(head, out, "the last picture was ready");
    this.wanted = n;
  }

  protected take(event: JsonObject): void {
    const type = asString(event["type"]) ?? "";
    const data = asString(event["b64_json"]);
    if (data === undefined) return;
    const image: Picture = { data, ...mediaTypeOf(data, event) };
    const index = this.ready;
    if (type.endsWith(".partial_image")) {
      this.event({
        type: "partial-image",
        index,
        partial: asNumber(event["partial_image_index"]) ?? 0,
        image,
      });
      return;
    }
    if (!type.endsWith(".completed")) return;
    this.ready++;
    this.event({ type: "image", index, image });
    const usage = pictureUsage(asObject(event["usage"]));
    if (this.ready >= this.wanted) this.finish(usage === undefined ? {} : { usage });
  }
}

function mediaTypeOf(data: string, event: JsonObject): Pick<Picture, "mediaType"> {
  const format = asString(event["output_format"]);
  const mediaType = pictureType(data) ?? (format === undefined ? undefined : `image/${format}`);
  return mediaType === undefined ? {} : { mediaType };
}
