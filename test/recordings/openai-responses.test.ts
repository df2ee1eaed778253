import { describe, expect, it } from "vitest";
import { isObject, type JsonObject, tryParse } from "../../src/core/json.js";
import type { ContentPart } from "../../src/core/message.js";
import { client } from "../../src/dialects/openai-responses/client.js";
import { differences, framesOf, type Recording, recordedCases, replayHalf } from "../support/recordings.js";
import { deviations } from "./deviations.js";

const cases = recordedCases("openai-responses");
const streams = cases.filter(({ recording }) => recording.stream);

/** The response that the last event of a recorded stream repeats, where it does. */
function repeated(recording: Recording): JsonObject | undefined {
  for (const { data } of framesOf(recording)) {
    const event = tryParse(data);
    const response = isObject(event) ? event["response"] : undefined;
    if (!isObject(response) || !Array.isArray(response["output"]) || response["output"].length === 0)
      continue;
    return response;
  }
  return undefined;
}

/** Content without state whose words differ between an item's own event and the last one: ids and ciphers. */
function readable(content: readonly ContentPart[]): unknown[] {
  return content.map(({ origin, ...part }) => ({
    ...part,
    state: origin === undefined ? [] : Object.keys(origin.data).sort(),
  }));
}

describe.skipIf(cases.length === 0)("a recorded exchange over OpenAI's responses", () => {
  it.each(cases.map((one) => [one.recording.id, one] as const))("is read as the key says: %s", (id, one) => {
    const excused = deviations.filter((deviation) => deviation.id === id).map(({ field }) => field);
    const found = differences(one.expected, replayHalf(client, one.recording));
    expect(found.filter(({ field }) => !excused.includes(field))).toEqual([]);
  });

  it.each(streams.map((one) => [one.recording.id, one.recording] as const))(
    "is no success when it is cut before its ending: %s",
    (_, recording) => {
      const frames = framesOf(recording);
      const last = frames.findIndex(({ data }) =>
        /"type":\s*"(response\.(completed|incomplete|failed|done)|error)"/.test(data),
      );
      for (let cut = 0; cut <= last; cut += Math.max(1, Math.floor(last / 20))) {
        const outcome = replayHalf(client, recording, {}, frames.slice(0, cut));
        expect("error" in outcome && outcome.error.code).toBe("STREAM_TRUNCATED");
      }
    },
  );

  it.each(streams.map((one) => [one.recording.id, one] as const))(
    "is the same with unknown events and fields among its own: %s",
    (_, { recording, expected }) => {
      const frames = framesOf(recording).flatMap((frame) => [
        { event: "response.something_new", data: '{"type":"response.something_new","payload":[1]}' },
        { data: frame.data.replace(/^\{/, '{"unknown":{"a":1},') },
      ]);
      expect(differences(expected, replayHalf(client, recording, {}, frames))).toEqual([]);
    },
  );

  const whole = streams.flatMap(({ recording }) => {
    const response = repeated(recording);
    return response === undefined ? [] : [[recording.id, recording, response] as const];
  });
  it.each(whole)(
    "says the same in its events as in the response at their end: %s",
    (_, recording, response) => {
      const streamed = replayHalf(client, recording);
      const unary = replayHalf(client, {
        ...recording,
        stream: false,
        response: { ...recording.response, body: JSON.stringify(response) },
      });
      if (!("response" in streamed) || !("response" in unary)) throw new Error("both must be answers");
      expect(readable(streamed.response.content)).toEqual(readable(unary.response.content));
      expect(streamed.response.finishReason).toBe(unary.response.finishReason);
      expect(streamed.response.usage).toEqual(unary.response.usage);
    },
  );
});
