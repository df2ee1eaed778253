import { describe, expect, it } from "vitest";
import { describeRecordings } from "../../../test/recordings/describe-recordings.js";
import { canonical, type Recording, recordedCases, replayHalf } from "../../../test/support/recordings.js";
import type { DialectTarget } from "../../core/contract/dialect.js";
import type { Frame } from "../../core/contract/transport.js";
import { isObject, type JsonObject } from "../../core/values/json.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const cases = recordedCases("anthropic-messages").map((each) => [each.recording.id, each] as const);

describeRecordings({
  api: "anthropic-messages",
  client,
  isEnding: ({ data }) => data.includes('"message_stop"'),
});

describe("recorded anthropic-messages exchanges", () => {
  it.each(cases.filter(([, { expected }]) => expected.outcome === "response"))(
    "%s survives the server half, whole and streamed",
    (_id, { recording }) => {
      const first = replayHalf(client, recording);
      if (!("response" in first)) throw first.error;
      const { response } = first;
      const facts = { id: "msg_other", created: 0 };
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
        expect(again.response.id).toBe(response.id);
        expect(again.response.extensions).toEqual(response.extensions);
      }
    },
  );

  it.each(cases.filter(([, { recording }]) => isObject(bodyOf(recording))))(
    "%s: its request decodes and encodes to an equivalent body",
    (_id, { recording }) => {
      const body = bodyOf(recording) as JsonObject;
      const path = new URL(recording.request?.url ?? "").pathname;
      const headers = recording.request?.headers ?? {};
      const { request, mode } = server.decode({
        method: "POST",
        path,
        headers,
        body: JSON.stringify(body),
      });
      const vertex = path.includes("/publishers/");
      const target: DialectTarget = {
        provider: "anthropic",
        model: request.model ?? "",
        quirks: { vertex },
        now: 0,
      };
      const { http, warnings } = client.encode(request, mode, target);
      expect(warnings).toEqual([]);
      const again = normal(JSON.parse(http.body ?? "") as JsonObject);
      expect(JSON.parse(canonical(again))).toEqual(JSON.parse(canonical(normal(body))));
      if (vertex) expect(path.endsWith(http.path)).toBe(true);
    },
  );
});

function bodyOf({ request }: Recording): unknown {
  return typeof request?.body === "string" ? JSON.parse(request.body) : request?.body;
}

/** Two bodies that ask the same may differ in this: an absent `stream` is false. */
function normal({ stream, ...rest }: JsonObject): JsonObject {
  return stream === true ? { ...rest, stream } : rest;
}
