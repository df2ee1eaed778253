import type { ContentPart, ImagePart } from "../../../core/values/message.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import type { OllamaContext } from "./context.js";

/** The content of a user's message, of instructions or of a result: texts, joined by line breaks, and images. */
export function encodeContent(
  parts: readonly ContentPart[],
  at: string,
  context: OllamaContext,
): { readonly text: string; readonly images: string[] | undefined } {
  const texts: string[] = [];
  const images: string[] = [];
  parts.forEach((part, place) => {
    const where = `${at}.content.${place}`;
    warnMarks(part, where, context);
    if (part.type === "text") texts.push(part.text);
    else {
      const image = part.type === "file" ? context.asImage(part, where) : part;
      if (image?.type === "image") images.push(encodeImage(image, where, context));
      else context.refuse(where);
    }
  });
  return { text: texts.join("\n"), images: images.length === 0 ? undefined : images };
}

/** @throws {AiLibError} `UNSUPPORTED_FEATURE` for an image that is not sent as bytes. */
function encodeImage(part: ImagePart, at: string, context: OllamaContext): string {
  if (part.detail !== undefined && part.detail !== "auto") context.unsupported(`${at}.detail`);
  return part.data ?? parseDataUri(part.url ?? "")?.data ?? context.refuse(at, "this one is not");
}

/** Warns about fields that parts cannot have: they are pieces of one text, or bare bytes. */
export function warnMarks(part: ContentPart, at: string, context: OllamaContext): void {
  if (part.cache !== undefined) context.unsupported(`${at}.cache`);
  if (context.hasExtensions(part.extensions) && part.type !== "tool-call")
    context.unsupported(`${at}.extensions`);
}
