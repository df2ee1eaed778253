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

const cases = recordedCases("mistral-chat");
const streams = cases.filter(({ recording }) => recording.stream);

describe("a recorded exchange with Mistral", () => {
  it.each(cases.map((one) => [one.recording.id, one] as const))("is read as the key says: %s", (id, one) => {
    const excused = deviations.filter((deviation) => deviation.id === id).map(({ field }) => field);
    const found = differences(one.expected, replayHalf(client, one.recording));
    expect(found.filter(({ field }) => !excused.includes(field))).toEqual([]);
  });

  it.each(streams.map((one) => [one.recording.id, one.recording] as const))(
    "is no success when it is cut before its ending: %s",
    (_, recording) => {
      const frames = framesOf(recording);
      const last = frames.findIndex(({ data }) => /"finish_reason":\s*"/.test(data));
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
        { event: "new-kind", data: '{"object":"something.new","payload":[1]}' },
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
      path: "/chat/completions",
      headers: {},
      body: JSON.stringify(body),
    };
    if (typeof body["n"] === "number" && body["n"] > 1) {
      expect(() => server.decode(http)).toThrow("batch");
      return;
    }
    const { request, mode } = server.decode(http);
    const target = { provider: "mistral", model: String(body["model"]), quirks: {}, now: 0 };
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
 * What differs without a difference: null and absent; `stream: false`, `n: 1`, `prefix: false` and no calls, which
 * are the defaults; a call's `index` and `type`; the id of a call; `closed: true`, which replayed thinking needs; a
 * picture's URL alone and in an object; sound with and without its format; empty content beside calls.
 */
function normal(body: Json): Json {
  const ids = new Map<string, string>();
  const id = (value: Json | undefined) => {
    const key = String(value);
    if (!ids.has(key)) ids.set(key, `id-${ids.size}`);
    return ids.get(key) as string;
  };
  const walk = (value: Json | undefined, key: string): Json | undefined => {
    if (Array.isArray(value)) {
      const items = (value as Json[]).map((item) => walk(item, "") as Json);
      return (key === "tool_calls" && items.length === 0) || (key === "content" && items.length === 0)
        ? undefined
        : items;
    }
    if (!isObject(value)) {
      if (value === null || (key === "content" && value === "")) return undefined;
      if (key === "tool_call_id") return id(value);
      if (key === "arguments") return canonical(JSON.parse(String(value)));
      return value;
    }
    const shown: Record<string, Json | undefined> = {};
    for (const [field, inner] of Object.entries(value)) shown[field] = walk(inner, field);
    if ("function" in value && "id" in value) {
      shown["id"] = id(value["id"]);
      delete shown["index"];
    }
    if ("function" in value) delete shown["type"];
    if (value["role"] === "assistant" && value["prefix"] === false) delete shown["prefix"];
    if (value["type"] === "thinking") delete shown["closed"];
    const picture = value["image_url"];
    if (isObject(picture) && Object.keys(picture).length === 1) shown["image_url"] = picture["url"];
    const sound = value["input_audio"];
    if (isObject(sound)) shown["input_audio"] = sound["data"];
    return shown;
  };
  const shown = walk(body, "") as Record<string, Json | undefined>;
  if (shown["stream"] === false) delete shown["stream"];
  if (shown["n"] === 1) delete shown["n"];
  return shown as JsonObject;
}
