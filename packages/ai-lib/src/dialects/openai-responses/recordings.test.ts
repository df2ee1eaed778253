import { describe, expect, it } from "vitest";
import { describeRecordings } from "../../../test/recordings/describe-recordings.js";
import {
  canonical,
  framesOf,
  type Recording,
  recordedCases,
  replayHalf,
} from "../../../test/support/recordings.js";
import { isObject, type Json, type JsonObject, type MutableJson, tryParse } from "../../core/values/json.js";
import type { ContentPart } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

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

describeRecordings({
  api: "openai-responses",
  client,
  isEnding: ({ data }) => /"type":\s*"(response\.(completed|incomplete|failed|done)|error)"/.test(data),
  unknown: { event: "response.something_new", data: '{"type":"response.something_new","payload":[1]}' },
});

describe("a recorded exchange over OpenAI's responses", () => {
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

  const asked = cases.flatMap(({ recording }) =>
    isObject(recording.request?.body) ? [[recording.id, recording.request.body] as const] : [],
  );
  it.each(asked)("was asked in a body that both halves preserve: %s", (_, body) => {
    const http = { method: "POST" as const, path: "/responses", headers: {}, body: JSON.stringify(body) };
    const { request, mode } = server.decode(http);
    const target = {
      provider: "openai",
      model: String(body["model"]),
      quirks: { cacheBreakpoints: true, strictSchemas: "any" },
      now: 0,
    };
    const again = client.encode(request, mode, target);
    expect(again.warnings).toEqual([]);
    expect(canonical(normal(JSON.parse(again.http.body ?? "") as JsonObject))).toBe(canonical(normal(body)));
    expect(mode).toBe(body["stream"] === true ? "stream" : "unary");
  });
});

/**
 * What differs without a difference: null and absent; `stream: false` and `store: true`, which are the defaults;
 * encrypted reasoning, which is asked for by need where nothing is stored; a string and the one user message that it
 * stands for; `instructions` and a system message at the head; the `type` of a message that has a role; empty
 * annotations and summaries; the status of an item without an id; parameters of a tool that has none; white space in
 * the arguments of a call.
 */
function normal(body: JsonObject): Json {
  const { stream: _stream, store, include, instructions, input, ...rest } = body;
  const stored = store !== false;
  const asked = (Array.isArray(include) ? (include as Json[]) : []).filter(
    (one) => stored || one !== "reasoning.encrypted_content",
  );
  const items = typeof input === "string" ? [{ role: "user", content: input }] : (input as Json[]);
  const head = typeof instructions === "string" ? [{ role: "system", content: instructions }] : [];
  const shown = walk({ ...rest, input: [...head, ...items] }) as JsonObject;
  return { ...shown, store: stored, ...(asked.length === 0 ? {} : { include: asked }) };
}

function walk(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return (value as Json[]).map((one) => walk(one) ?? null);
  if (!isObject(value)) return value;
  const shown: MutableJson = {};
  for (const [key, inner] of Object.entries(value)) {
    const empty = Array.isArray(inner) && inner.length === 0 && (key === "annotations" || key === "summary");
    if (inner !== null && inner !== undefined && !empty) shown[key] = walk(inner);
  }
  if ("role" in shown) delete shown["type"];
  if (shown["type"] === "function" && "name" in shown)
    shown["parameters"] ??= { type: "object", properties: {} };
  // The default of a tool without `strict` is true, and the client half always says false.
  if (shown["type"] === "function" && shown["strict"] === false) delete shown["strict"];
  if (typeof shown["arguments"] === "string") shown["arguments"] = canonical(tryParse(shown["arguments"]));
  if (!("id" in shown) && shown["type"] === "function_call") delete shown["status"];
  return shown;
}
