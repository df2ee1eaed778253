import { describe, expect, it } from "vitest";
import { deviations } from "../../../test/recordings/deviations.js";
import {
  differences,
  recordedCases,
  recordingsFolder,
  replayHalf,
} from "../../../test/support/recordings.js";
import { client } from "./client.js";

const cases = recordedCases("anthropic-messages");

describe.skipIf(recordingsFolder === undefined)("recorded anthropic-messages exchanges", () => {
  it.each(cases.map((each) => [each.recording.id, each] as const))(
    "%s decodes to what the key says",
    (id, { recording, expected }) => {
      const known = deviations.filter((each) => each.id === id).map((each) => each.field);
      const found = differences(expected, replayHalf(client, recording));
      expect(found.filter(({ field }) => !known.includes(field))).toEqual([]);
    },
  );
});
