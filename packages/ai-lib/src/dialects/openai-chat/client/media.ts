import type { DialectTarget, MediaUrls } from "../../../core/contract/dialect.js";
import { quirksOf } from "../shared/quirks.js";

/** Which media an endpoint takes by URL: images unless its quirks say otherwise, videos and files where they say so. */
export function mediaUrls(target: DialectTarget): MediaUrls {
  const { noImageUrls, fileUrls, videoUrls, textOnly } = quirksOf(target);
  // What an endpoint takes in no form is not fetched for it.
  if (textOnly === true) return { image: true, audio: true, file: true };
  return {
    image: noImageUrls !== true,
    audio: false,
    file: fileUrls === true ? true : videoUrls === true ? ["video/"] : false,
  };
}
