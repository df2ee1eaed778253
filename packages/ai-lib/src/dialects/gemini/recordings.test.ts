import { describe, expect, it } from "vitest";
import { deviations } from "../../../test/recordings/deviations.js";
import {
  bodyBytes,
  differences,
  framesOf,
  recordedCases,
  replayHalf,
} from "../../../test/support/recordings.js";
import { client } from "./client/index.js";

const cases = recordedCases("google-generate-content");
const known = new Set(deviations.map(({ id, field }) => `${id} ${field}`));

describe("recorded answers of the Gemini API and Vertex", () => {
  it.each(cases.map((one) => [one.recording.id, one] as const))("%s", (id, { recording, expected }) => {
    const found = differences(expected, replayHalf(client, recording));
    expect(found.filter(({ field }) => !known.has(`${id} ${field}`))).toEqual([]);
  });

  const streams = cases.filter((one) => one.recording.stream && one.recording.response.status === 200);

  it.each(streams.map((one) => [one.recording.id, one] as const))(
    "cut, never succeed: %s",
    (_, { recording }) => {
      const frames = framesOf(recording);
      for (let kept = 0; kept < frames.length - 1; kept++) {
        const outcome = replayHalf(client, recording, {}, frames.slice(0, kept));
        if ("response" in outcome) {
          // Only an answer that is whole may stand: nothing but empty chunks were cut.
          const whole = replayHalf(client, recording);
          expect("response" in whole && whole.response.text).toEqual(outcome.response.text);
        } else expect(outcome.error.code).toBe("STREAM_TRUNCATED");
      }
    },
  );

  it.each(streams.map((one) => [one.recording.id, one] as const))(
    "keep their meaning with unknown events spliced in: %s",
    (_, { recording }) => {
      const frames = framesOf(recording).flatMap(({ data }) => {
        const chunk = JSON.parse(data) as { candidates?: { content?: { parts?: unknown[] } }[] };
        chunk.candidates?.[0]?.content?.parts?.push({ newThing: { x: 1 } });
        return [
          { event: "novelty", data: '{"type":"novelty"}' },
          { data: JSON.stringify({ ...chunk, newField: 1 }) },
        ];
      });
      const plain = replayHalf(client, recording);
      const spliced = replayHalf(client, recording, {}, frames);
      expect("response" in spliced && spliced.response.content).toEqual(
        "response" in plain && plain.response.content,
      );
    },
  );

  it("hold bytes", () => {
    expect(cases.every((one) => bodyBytes(one.recording).length > 0)).toBe(true);
  });
});
