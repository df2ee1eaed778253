import { describe, expect, it } from "vitest";
import { deviations } from "../../../test/recordings/deviations.js";
import {
  canonical,
  differences,
  framesOf,
  recordedCases,
  replayHalf,
} from "../../../test/support/recordings.js";
import { isObject, type JsonObject } from "../../core/values/json.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const cases = recordedCases("ollama-chat");
const known = new Set(deviations.map(({ id, field }) => `${id} ${field}`));
const named = cases.map((one) => [one.recording.id, one] as const);

describe("recorded answers of Ollama", () => {
  it.each(named)("%s", (id, { recording, expected }) => {
    const found = differences(expected, replayHalf(client, recording));
    expect(found.filter(({ field }) => !known.has(`${id} ${field}`))).toEqual([]);
  });

  const streams = named.filter(([, { recording }]) => recording.stream);

  it.each(streams)("cut, never succeed: %s", (_, { recording }) => {
    const frames = framesOf(recording);
    for (let kept = 0; kept < frames.length; kept += Math.ceil(frames.length / 20)) {
      const outcome = replayHalf(client, recording, {}, frames.slice(0, kept));
      expect("error" in outcome && outcome.error.code).toBe("STREAM_TRUNCATED");
    }
  });

  it.each(streams)("keep their meaning with unknown lines and fields spliced in: %s", (_, { recording }) => {
    const frames = framesOf(recording).flatMap(({ data }) => [
      { data: '{"status":"pulling"}' },
      { data: JSON.stringify({ ...(JSON.parse(data) as object), novelty: { a: 1 } }) },
    ]);
    const plain = replayHalf(client, recording);
    const spliced = replayHalf(client, recording, {}, frames);
    expect("response" in spliced && spliced.response.content).toEqual(
      "response" in plain && plain.response.content,
    );
  });
});

/**
 * A request body in one of its equivalent forms: streaming is the default, an empty format, empty options and an
 * empty list of tools are none, and neither a call's type nor its position says anything.
 */
function normal(body: JsonObject): unknown {
  const { keep_alive, format, options, tools, messages, stream, ...rest } = body;
  const set = Object.keys((options ?? {}) as object).length > 0;
  return JSON.parse(
    canonical({
      ...rest,
      ...(keep_alive === null ? {} : { keep_alive }),
      ...(format === "" ? {} : { format }),
      ...(set ? { options } : {}),
      ...((tools as unknown[] | undefined)?.length ? { tools } : {}),
      stream: stream ?? true,
      messages: (messages as JsonObject[]).map(({ tool_calls, ...message }) => ({
        ...message,
        ...(Array.isArray(tool_calls)
          ? { tool_calls: (tool_calls as JsonObject[]).map((call) => ({ function: call["function"] })) }
          : {}),
      })),
    }),
  );
}

const requests = cases.flatMap(({ recording }) => {
  const body = recording.request?.body;
  const parsed: unknown = typeof body === "string" ? JSON.parse(body) : body;
  return isObject(parsed) ? [[recording.id, parsed] as const] : [];
});

describe("recorded requests, read by the server half and written again", () => {
  it("are there", () => expect(requests.length).toBeGreaterThan(0));
  it.each(requests)("mean the same: %s", (_, body) => {
    const decoded = server.decode({
      method: "POST",
      path: "/api/chat",
      headers: {},
      body: JSON.stringify(body),
    });
    const target = { provider: "ollama", model: decoded.request.model ?? "", quirks: {}, now: 0 };
    const { http } = client.encode(decoded.request, decoded.mode, target);
    // A result without a name gets its function's.
    const written = JSON.parse(http.body ?? "") as { messages: JsonObject[] };
    const messages = written.messages.map((message, place) => {
      const before = (body["messages"] as JsonObject[])[place];
      if (message["role"] !== "tool" || before?.["tool_name"] !== undefined) return message;
      const { tool_name: _name, ...without } = message;
      return without;
    });
    expect(normal({ ...written, messages })).toEqual(normal(body));
  });
});
