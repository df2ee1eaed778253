import { describe, expect, it } from "vitest";
import { framesOf, joined, type MakeFramer } from "../../test/support/frames.js";
import { bodyBytes, recordings } from "../../test/support/recordings.js";
import type { Framing } from "../core/contract/transport.js";
import { awsEventStreamFramer } from "./aws-event-stream.js";
import { frameWriter } from "./frame-writer.js";
import { jsonArrayFramer } from "./json-array.js";
import { ndjsonFramer } from "./ndjson.js";
import { sseFramer } from "./sse.js";

describe("recorded streams", () => {
  const made: Record<string, [Framing | "json-array", MakeFramer]> = {
    sse: ["sse", sseFramer],
    ndjson: ["ndjson", ndjsonFramer],
    "json-array": ["json-array", jsonArrayFramer],
    "aws-eventstream": ["aws-event-stream", awsEventStreamFramer],
  };

  it.each(Object.entries(made))(
    "give the same frames in any segments, and after being written again: %s",
    (format, [framing, make]) => {
      const streams = recordings(({ stream }) => stream).filter(
        ({ streamFormat }) => streamFormat === format,
      );
      expect(streams.length).toBeGreaterThan(0);
      for (const recording of streams) {
        const body = bodyBytes(recording);
        const frames = framesOf(make, body);
        expect(frames.length, recording.id).toBeGreaterThan(0);
        expect(framesOf(make, body, [7]), recording.id).toEqual(frames);
        expect(framesOf(make, body, [1]), recording.id).toEqual(frames);
        const writer = frameWriter(framing);
        const again = joined([...frames.map((frame) => writer.frame(frame)), writer.end()]);
        expect(framesOf(make, again), recording.id).toEqual(frames);
      }
    },
  );
});
