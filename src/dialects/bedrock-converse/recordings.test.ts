import { describe, expect, it } from "vitest";
import { deviations } from "../../../test/recordings/deviations.js";
import {
  bodyBytes,
  differences,
  type Recording,
  recordedCases,
  recordingsFolder,
  replayHalf,
} from "../../../test/support/recordings.js";
import type { Frame } from "../../core/http.js";
import { client } from "./client.js";

const cases = recordedCases("bedrock-converse").map((each) => [each.recording.id, each] as const);

/** The messages of a recorded binary stream; the wire room has the real framer, with checksums. */
function framesOf(recording: Recording): Frame[] {
  const bytes = bodyBytes(recording);
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const headersAt = at + 12;
    const dataAt = headersAt + bytes.readUInt32BE(at + 4);
    const headers = new Map<string, string>();
    for (let i = headersAt; i < dataAt; ) {
      const name = bytes.toString("utf8", i + 1, i + 1 + bytes.readUInt8(i));
      const valueAt = i + 2 + bytes.readUInt8(i) + 2;
      const length = bytes.readUInt16BE(valueAt - 2);
      headers.set(name, bytes.toString("utf8", valueAt, valueAt + length));
      i = valueAt + length;
    }
    const event = headers.get(":event-type");
    const data = bytes.toString("utf8", dataAt, at + bytes.readUInt32BE(at) - 4);
    frames.push({ ...(event === undefined ? {} : { event }), data });
  }
  return frames;
}

describe.skipIf(recordingsFolder === undefined)("recorded bedrock-converse exchanges", () => {
  it.each(cases)("%s decodes to what the key says", (id, { recording, expected }) => {
    const known = deviations.filter((each) => each.id === id).map((each) => each.field);
    const frames = recording.stream ? framesOf(recording) : undefined;
    const found = differences(expected, replayHalf(client, recording, {}, frames));
    expect(found.filter(({ field }) => !known.includes(field))).toEqual([]);
  });
});
