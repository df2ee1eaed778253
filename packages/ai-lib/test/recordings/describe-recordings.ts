import { describe, expect, it } from "vitest";
import type { ClientHalf } from "../../src/core/contract/dialect.js";
import type { Frame } from "../../src/core/contract/transport.js";
import {
  canonical,
  differences,
  framesOf,
  type Outcome,
  type Recording,
  recordedCases,
  replayHalf,
} from "../support/recordings.js";
import { deviations } from "./deviations.js";

/** What the common tests of recorded exchanges need to know of a dialect. */
export interface RecordedDialect {
  /** The API in the index of the recordings. */
  readonly api: string;
  readonly client: ClientHalf;
  /** The frames of a recorded stream. Default: those of a text stream. */
  readonly frames?: (recording: Recording) => Frame[];
  /**
   * Whether a frame ends the stream: without it, no stream is an answer. Absent where endpoints end in several ways:
   * then a cut stream is an answer only if it has all of the content.
   */
  readonly isEnding?: (frame: Frame) => boolean;
  /** A frame that the API may add one day. Default: a JSON object of an unknown type. */
  readonly unknown?: Frame;
}

const UNKNOWN: Frame = {
  event: "something-new",
  data: '{"type":"something-new","object":"something.new","payload":[1]}',
};

/** The content and the finish reason of an answer, or the code of an error. */
function comparable(outcome: Outcome): string {
  if ("error" in outcome) return outcome.error.code;
  const { content, finishReason } = outcome.response;
  return canonical({ content, finishReason });
}

/** Holds a client half to all exchanges of its API: to the answer key, cut after each frame, and with additions. */
export function describeRecordings({
  api,
  client,
  frames: split = framesOf,
  isEnding,
  unknown = UNKNOWN,
}: RecordedDialect): void {
  const cases = recordedCases(api).map((one) => [one.recording.id, one] as const);
  const streams = cases.filter(([, { recording }]) => recording.stream);
  if (isEnding !== undefined && !streams.some(([, { recording }]) => split(recording).some(isEnding)))
    throw new Error(`No recorded stream of ${api} has an ending`);
  const replay = (recording: Recording, frames?: Frame[]): Outcome =>
    replayHalf(client, recording, {}, frames ?? (recording.stream ? split(recording) : undefined));

  describe(`a recorded exchange of ${api}`, () => {
    it.each(cases)("decodes to what the key says: %s", (id, { recording, expected }) => {
      const known = deviations.filter((deviation) => deviation.id === id).map(({ field }) => field);
      const found = differences(expected, replay(recording));
      expect(found.filter(({ field }) => !known.includes(field))).toEqual([]);
    });

    it.each(streams)("is truncated when it is cut before its ending: %s", (_, { recording }) => {
      const frames = split(recording);
      const whole = comparable(replay(recording));
      const ending = isEnding === undefined ? -1 : frames.findIndex(isEnding);
      for (let cut = 0; cut < frames.length; cut++) {
        const outcome = replay(recording, frames.slice(0, cut));
        if (cut <= ending) expect(comparable(outcome)).toBe("STREAM_TRUNCATED");
        else if ("response" in outcome) expect(comparable(outcome)).toBe(whole);
      }
    });

    it.each(streams)("is the same with unknown frames and fields: %s", (_, { recording }) => {
      const frames = split(recording).flatMap((frame) => [
        unknown,
        { ...frame, data: frame.data.replace(/^\{(?=\s*")/, '{"unknown":{"a":1},') },
      ]);
      expect(comparable(replay(recording, frames))).toBe(comparable(replay(recording)));
    });
  });
}
