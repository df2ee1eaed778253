import type { DialectTarget, MediaUrls } from "../../../core/contract/dialect.js";
import { quirksOf } from "../shared/quirks.js";

/**
 * The media that an endpoint accepts by URL: images unless its quirks exclude them, videos and files if its quirks
 * allow them.
 */
export function mediaUrls(target: DialectTarget): MediaUrls {
  const { noImageUrls, fileUrls, videoUrls, textOnly } = quirksOf(target);
  // Media that an endpoint does not accept at all are not fetched.
  if (textOnly === true) return { image: true, audio: true, file: true };
  return {
    image: noImageUrls !== true,
    audio: false,
    file: fileUrls === true ? true : videoUrls === true ? ["video/"] : false,
  };
}
