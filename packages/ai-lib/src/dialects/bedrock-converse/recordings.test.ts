import { describe, expect, it } from "vitest";
import { describeRecordings } from "../../../test/recordings/describe-recordings.js";
import {
  bodyBytes,
  canonical,
  type Recording,
  recordedCases,
  replayHalf,
} from "../../../test/support/recordings.js";
import type { Frame } from "../../core/contract/transport.js";
import { isObject, type JsonObject, tryParse } from "../../core/values/json.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

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
    const exception = headers.get(":exception-type");
    const event = exception === undefined ? headers.get(":event-type") : `!${exception}`;
    const data = bytes.toString("utf8", dataAt, at + bytes.readUInt32BE(at) - 4);
    frames.push({ ...(event === undefined ? {} : { event }), data });
  }
  return frames;
}

describeRecordings({
  api: "bedrock-converse",
  client,
  frames: framesOf,
  isEnding: ({ event }) => event === "messageStop",
});

describe("recorded bedrock-converse exchanges", () => {
  it.each(cases.filter(([, { expected }]) => expected.outcome === "response"))(
    "%s survives the server half, whole and streamed",
    (_id, { recording }) => {
      const first = replayHalf(client, recording, {}, recording.stream ? framesOf(recording) : undefined);
      if (!("response" in first)) throw first.error;
      const { response } = first;
      const facts = { id: "other", created: 0 };
      const whole = replayHalf(client, {
        ...recording,
        stream: false,
        response: { ...recording.response, bodyEncoding: "utf8", ...server.encode(response, facts) },
      });
      const frames: Frame[] = [];
      server.encoder((frame) => frames.push(frame), facts).finish(response);
      const streamed = replayHalf(client, { ...recording, stream: true }, {}, frames);
      for (const again of [whole, streamed]) {
        if (!("response" in again)) throw again.error;
        expect(again.response.content).toEqual(response.content);
        expect(again.response.finishReason).toBe(response.finishReason);
        expect(again.response.rawFinishReason).toBe(response.rawFinishReason);
        expect({ ...again.response.usage, raw: null }).toEqual({ ...response.usage, raw: null });
        expect(again.response.extensions).toEqual(response.extensions);
      }
    },
  );

  it.each(cases.filter(([, { recording }]) => isObject(bodyOf(recording))))(
    "%s: its request decodes and encodes to an equivalent body",
    (_id, { recording }) => {
      const body = bodyOf(recording) as JsonObject;
      const path = (recording.request?.url ?? "").replace(/^https:\/\/[^/]+/, "");
      const { request, mode } = server.decode({
        method: "POST",
        path,
        headers: {},
        body: JSON.stringify(body),
      });
      expect(mode).toBe(path.endsWith("/converse-stream") ? "stream" : "unary");
      const target = { provider: "bedrock", model: request.model ?? "", quirks: {}, now: 0 };
      const { http, warnings } = client.encode(request, mode, target);
      expect(warnings).toEqual([]);
      const again = JSON.parse(http.body ?? "") as JsonObject;
      expect(JSON.parse(canonical(normal(again)))).toEqual(JSON.parse(canonical(normal(body))));
      expect(decodeURIComponent(http.path)).toBe(decodeURIComponent(path));
    },
  );
});

function bodyOf({ request }: Recording): unknown {
  // One recorded body lacks its last brace.
  return typeof request?.body === "string" ? tryParse(request.body) : request?.body;
}

/**
 * What two bodies that ask the same may differ in: empty objects and lists, adjacent turns of one role, which are
 * joined, and the white space and key order of a schema that is text within the JSON.
 */
function normal(body: JsonObject): JsonObject {
  const kept = Object.entries(body).filter(([, value]) => Object.keys(value ?? {}).length > 0);
  const turns: { role: unknown; content: unknown[] }[] = [];
  for (const turn of body["messages"] as { role: unknown; content: unknown[] }[]) {
    const before = turns.at(-1);
    if (before?.role === turn.role) before?.content.push(...turn.content);
    else turns.push({ role: turn.role, content: [...turn.content] });
  }
  const whole = { ...Object.fromEntries(kept), messages: turns };
  return JSON.parse(
    JSON.stringify(whole, (key, value: unknown) =>
      key === "schema" && typeof value === "string" ? (JSON.parse(value) as unknown) : value,
    ),
  ) as JsonObject;
}
