import type { ServedStream } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { speakLaws } from "../../../core/kinds/speak.js";
import { bytesOfBase64 } from "../../../core/values/base64.js";
import type { SpeakResponse } from "../../../core/values/speech.js";
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

/** A whole sound as the reply of a server: its bytes and nothing else. */
export function soundReply({ audio }: SpeakResponse): HttpReply {
  return {
    status: 200,
    headers: { "content-type": audio.mediaType },
    body: "",
    bytes: bytesOfBase64(audio.data),
  };
}
