import { describe, expect, it } from "vitest";
import { describeRecordings } from "../../../test/recordings/describe-recordings.js";
import { canonical, type Recording, recordedCases } from "../../../test/support/recordings.js";
import { isObject, type Json, type JsonObject } from "../../core/values/json.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

describeRecordings({
  api: "mistral-chat",
  client,
  isEnding: ({ data }) => /"finish_reason":\s*"/.test(data),
});

describe("a recorded request of Mistral", () => {
  const asked = recordedCases("mistral-chat").flatMap(({ recording }) =>
    isObject(recording.request?.body) ? [[recording.id, recording, recording.request.body] as const] : [],
  );
  it.each(asked)("is the same after both halves: %s", (_, recording, body) => {
    const http = {
      method: "POST" as const,
      path: "/chat/completions",
      headers: {},
      body: JSON.stringify(body),
    };
    if (typeof body["n"] === "number" && body["n"] > 1) {
      expect(() => server.decode(http)).toThrow("`n` must be 1 or absent");
      return;
    }
    const { request, mode } = server.decode(http);
    const target = { provider: "mistral", model: String(body["model"]), quirks: { logprobs: true }, now: 0 };
    const again = client.encode(request, mode, target);
    // One recorded conversation has a user's words after a result, which most of Mistral's models refuse.
    const repaired = again.warnings.filter(({ message }) => message.startsWith("The history was repaired"));
    expect(again.warnings).toEqual(repaired);
    const sent = JSON.parse(again.http.body ?? "") as { messages: { content?: Json }[] };
    const messages = sent.messages.filter(({ content }) => repaired.length === 0 || content !== "OK.");
    expect(canonical(normal({ ...sent, messages } as Json))).toBe(canonical(normal(body)));
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
