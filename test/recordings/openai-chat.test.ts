import { describe, expect, it } from "vitest";
import { client } from "../../src/dialects/openai-chat/client.js";
import { differences, recordedCases, replayHalf } from "../support/recordings.js";
import { deviations } from "./deviations.js";

const cases = recordedCases("openai-chat");

describe.skipIf(cases.length === 0)("recorded chat completions", () => {
  for (const { recording, expected } of cases) {
    it(`decode as the key says: ${recording.id}`, () => {
      const found = differences(expected, replayHalf(client, recording));
      const justified = deviations.filter((one) => one.id === recording.id).map((one) => one.field);
      expect(found.filter((one) => !justified.includes(one.field))).toEqual([]);
    });
  }
});
