import type { AnswerFacts } from "./answer.js";
import type { Extensions } from "./message.js";

/** A document or a picture to read: bytes as base64, or a URL that the provider fetches itself. */
export interface OcrDocument {
  /** Base64. */
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  /** IANA media type, such as `"application/pdf"` or `"image/png"`. Needed with `data`. */
  readonly mediaType?: string | undefined;
  readonly name?: string | undefined;
}

/** A request to read the text of a document. Plain JSON. */
export interface OcrRequest {
  /** Model id of the target. Absent, `""` or `"auto"`: the target's default. */
  readonly model?: string | undefined;
  readonly document: OcrDocument;
  /** The pages to read, counted from 0. Default: all. */
  readonly pages?: readonly number[] | undefined;
  /** Returns the pictures of the pages too. Default false. */
  readonly pictures?: boolean | undefined;
  /** Vendor fields; see {@link Extensions}. */
  readonly extensions?: Extensions | undefined;
}

/** A picture on a page. */
export interface OcrPicture {
  /** Its name in the page's Markdown. */
  readonly id: string;
  /** Base64, where `pictures` asked for it. */
  readonly data?: string;
  readonly mediaType?: string;
}

/** One page that was read. */
export interface OcrPage {
  /** Counted from 0. */
  readonly index: number;
  /** Its text as Markdown. */
  readonly markdown: string;
  readonly pictures?: readonly OcrPicture[];
}

/** What a provider returns for an {@link OcrRequest}, before the facts of the call are added. */
export interface OcrReply {
  readonly pages: readonly OcrPage[];
  /** Pages that are billed. */
  readonly billedPages?: number | undefined;
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
  readonly warnings?: AnswerFacts["warnings"] | undefined;
}

/** The text of a document. Plain JSON. */
export interface OcrResponse extends AnswerFacts {
  readonly pages: readonly OcrPage[];
  /** The Markdown of all pages, with a blank line between them. */
  readonly text: string;
  /** Pages that are billed, where the vendor says. */
  readonly billedPages?: number;
}
