import type { AnswerFacts } from "./answer.js";
import type { StartEvent, WarningEvent } from "./chat-event.js";
import type { Extensions } from "./message.js";

/** A picture: bytes as base64, or a URL, which expires at most vendors. */
export interface Picture {
  /** Base64. */
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  /** IANA media type, such as `"image/png"`, where it is known. */
  readonly mediaType?: string | undefined;
}

/** A request to make or change pictures. Plain JSON. */
export interface ImageRequest {
  /** Model id of the target. Absent, `""` or `"auto"`: the target's default. */
  readonly model?: string | undefined;
  readonly prompt: string;
  /** Pictures wanted. Default 1. */
  readonly n?: number | undefined;
  /** `"1024x1024"`: width and height in pixels. A target that accepts only shapes gets the shape. */
  readonly size?: string | undefined;
  /** `"16:9"`: the shape. A target that accepts only sizes gets the nearest one. */
  readonly aspectRatio?: string | undefined;
  /** In the target's own words, such as `"low"` or `"hd"`. */
  readonly quality?: string | undefined;
  readonly background?: "transparent" | "opaque" | undefined;
  readonly format?: "png" | "jpeg" | "webp" | undefined;
  readonly seed?: number | undefined;
  /** Pictures to start from. */
  readonly images?: readonly Picture[] | undefined;
  /** Where the first of `images` may change: its transparent pixels. */
  readonly mask?: Picture | undefined;
  /** Fetches pictures that the vendor gives as URLs, which expire, so that each has `data`. Default false. */
  readonly bytes?: boolean | undefined;
  /** Streams only: unfinished pictures that are wanted on the way, from 0 to 3. Default 0. */
  readonly partialImages?: number | undefined;
  /** An opaque id of the end user, for the provider's abuse detection. */
  readonly user?: string | undefined;
  /** Vendor fields; see {@link Extensions}. */
  readonly extensions?: Extensions | undefined;
}

/** A picture of an answer. */
export interface MadePicture extends Picture {
  /** The prompt as the vendor changed it, if it reports that. */
  readonly revisedPrompt?: string;
}

/** What a provider returns for an {@link ImageRequest}, before the facts of the call are added. */
export interface ImageReply {
  readonly images: readonly MadePicture[];
  readonly text?: string | undefined;
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
  readonly warnings?: AnswerFacts["warnings"] | undefined;
}

/** An unfinished picture, which a later one replaces. */
export interface PartialImageEvent {
  readonly type: "partial-image";
  /** The place of the picture in `response.images`. */
  readonly index: number;
  /** Counts the unfinished pictures from 0. */
  readonly partial: number;
  readonly image: Picture;
}

/** A picture is ready. */
export interface ImageReadyEvent {
  readonly type: "image";
  /** The place of the picture in `response.images`. */
  readonly index: number;
  readonly image: MadePicture;
}

/** What a stream of pictures yields. */
export type ImageEvent = StartEvent | PartialImageEvent | ImageReadyEvent | WarningEvent;

/** What is known of an answer when its stream ends. */
export type ImageEnd = Omit<ImageReply, "images" | "warnings">;

/** Pictures. Plain JSON. */
export interface ImageResponse extends AnswerFacts {
  /** May be empty: some models answer only with text. */
  readonly images: readonly MadePicture[];
  /** Text of the model beside the pictures, if there is any. */
  readonly text?: string;
}
