import type { Frame, Framing } from "../core/contract/transport.js";
import { awsEventMessage } from "./aws-event-stream.js";
import { ndjsonLine } from "./ndjson.js";
import { sseEvent } from "./sse.js";

/** Writes frames in one framing. */
export interface FrameWriter {
  readonly contentType: string;
  /** The bytes of one frame; strings are UTF-8. */
  frame(frame: Frame): string | Uint8Array;
  /** What follows the last frame. */
  end(): string;
}

/** The write direction of each framing, for servers. Each body needs a writer of its own. */
export function frameWriter(framing: Framing | "json-array"): FrameWriter {
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
    default:
      return framing satisfies never;
  }
}
