import type { ServedStream } from "../../../core/contract/dialect.js";
import { speakLaws } from "../../../core/kinds/speak.js";
import { kindWriter } from "./kind-writer.js";

/** The bytes of a sound, as they come. A failure cuts the reply, since sound has no place for an error. */
export const soundBytes: ServedStream<"speak"> = {
  framing: "bytes",
  encoder: (write) =>
    kindWriter(speakLaws, {
      content: ({ data, mediaType }) => write({ event: mediaType, data }),
      finish() {},
      fail: (error) => {
        throw error;
      },
    }),
};
