import type { Frame, ServedFraming } from "../core/contract/transport.js";
import { bytesOfBase64 } from "../core/values/base64.js";
import { awsEventMessage } from "./aws-event-stream.js";
import { ndjsonLine } from "./ndjson.js";
import { sseEvent } from "./sse.js";

/** Writes frames in one framing. */
export interface FrameWriter {
  /** Of the body; that of a file is known from its first frame on. */
  readonly contentType: string;
  /** The bytes of one frame; strings are UTF-8. */
  frame(frame: Frame): string | Uint8Array;
  /** What follows the last frame. */
  end(): string;
}

/** The write direction of each framing, for servers. Each body needs a writer of its own. */
export function frameWriter(framing: ServedFraming): FrameWriter {
  const end = (): string => "";
  switch (framing) {
    case "sse":
      return { contentType: "text/event-stream; charset=utf-8", frame: sseEvent, end };
    case "ndjson":
      return { contentType: "application/x-ndjson", frame: ndjsonLine, end };
    case "aws-event-stream":
      return { contentType: "application/vnd.amazon.eventstream", frame: awsEventMessage, end };
    case "json-array": {
      let begun = false;
      return {
        contentType: "application/json; charset=utf-8",
        frame(frame) {
          const before = begun ? ",\r\n" : "[";
          begun = true;
          return before + frame.data;
        },
        end: () => (begun ? "]" : "[]"),
      };
    }
    case "bytes": {
      let contentType = "application/octet-stream";
      return {
        get contentType() {
          return contentType;
        },
        frame({ event, data }) {
          contentType = event ?? contentType;
          return bytesOfBase64(data);
        },
        end,
      };
    }
    default:
      return framing satisfies never;
  }
}
