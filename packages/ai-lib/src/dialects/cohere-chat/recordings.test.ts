import { describe, expect, it } from "vitest";
import { deviations } from "../../../test/recordings/deviations.js";
import {
  canonical,
  differences,
  framesOf,
  type Recording,
  recordedCases,
  replayHalf,
} from "../../../test/support/recordings.js";
import { isObject, type Json, type JsonObject } from "../../core/values/json.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const cases = recordedCases("cohere-chat-v2");
const streams = cases.filter(({ recording }) => recording.stream);

describe("a recorded exchange with Cohere", () => {
  it.each(cases.map((one) => [one.recording.id, one] as const))("is read as the key says: %s", (id, one) => {
    const excused = deviations.filter((deviation) => deviation.id === id).map(({ field }) => field);
    const found = differences(one.expected, replayHalf(client, one.recording));
    expect(found.filter(({ field }) => !excused.includes(field))).toEqual([]);
  });

  it.each(streams.map((one) => [one.recording.id, one.recording] as const))(
    "is no success when it is cut before its ending: %s",
    (_, recording) => {
      const frames = framesOf(recording);
      const last = frames.findIndex(({ data }) => data.includes('"message-end"'));
      for (let cut = 0; cut <= last; cut++) {
        const outcome = replayHalf(client, recording, {}, frames.slice(0, cut));
        expect("error" in outcome && outcome.error.code).toBe("STREAM_TRUNCATED");
      }
    },
  );

  it.each(streams.map((one) => [one.recording.id, one] as const))(
    "is the same with unknown frames and fields among its own: %s",
    (_, { recording, expected }) => {
      const frames = framesOf(recording).flatMap((frame) => [
        { event: "new-kind", data: '{"type":"something-new","payload":[1]}' },
        frame.data.startsWith("{") ? { data: frame.data.replace("{", '{"unknown":{"a":1},') } : frame,
      ]);
      expect(differences(expected, replayHalf(client, recording, {}, frames))).toEqual([]);
    },
  );

  const asked = cases.flatMap(({ recording }) =>
    isObject(recording.request?.body) ? [[recording.id, recording, recording.request.body] as const] : [],
  );
  it.each(asked)("was asked in a body that both halves preserve: %s", (_, recording, body) => {
    const http = {
      method: "POST" as const,
      path: "/chat",
      headers: {},
      body: JSON.stringify(body),
    };
    const { request, mode } = server.decode(http);
    const target = { provider: "cohere", model: String(body["model"]), quirks: {}, now: 0 };
    const again = client.encode(request, mode, target);
    expect(again.warnings).toEqual([]);
    expect(canonical(normal(JSON.parse(again.http.body ?? "") as Json))).toBe(canonical(normal(body)));
    expect(mode).toBe(streamed(recording) ? "stream" : "unary");
  });
});

function streamed(recording: Recording): boolean {
  const body = recording.request?.body;
  return isObject(body) && body["stream"] === true;
}

/**
 * What differs without a difference: null and absent; `stream: false` and an empty list of documents, which are the
 * defaults; the white space and the order of arguments.
 */
function normal(body: Json): Json {
  const walk = (value: Json | undefined, key: string): Json | undefined => {
    if (Array.isArray(value)) return (value as Json[]).map((item) => walk(item, "") as Json);
    if (!isObject(value)) {
      if (key === "arguments") return canonical(JSON.parse(String(value)));
      return value === null ? undefined : value;
    }
    const shown: Record<string, Json | undefined> = {};
    for (const [field, inner] of Object.entries(value)) shown[field] = walk(inner, field);
    return shown;
  };
  const shown = walk(body, "") as Record<string, Json | undefined>;
  if (shown["stream"] === false) delete shown["stream"];
  if (Array.isArray(shown["documents"]) && shown["documents"].length === 0) delete shown["documents"];
  return shown as JsonObject;
}
