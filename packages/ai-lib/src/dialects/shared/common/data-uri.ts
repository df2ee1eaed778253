export { readDataUri as parseDataUri } from "../../../core/values/data-uri.js";

/** A base64 `data:` URI (RFC 2397). */
export function dataUri(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}
