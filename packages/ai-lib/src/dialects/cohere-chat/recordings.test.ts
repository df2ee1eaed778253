import { describe, expect, it } from "vitest";
import { describeRecordings } from "../../../test/recordings/describe-recordings.js";
import { canonical, type Recording, recordedCases } from "../../../test/support/recordings.js";
import { isObject, type Json, type JsonObject } from "../../core/values/json.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

describeRecordings({
  api: "cohere-chat-v2",
  client,
  isEnding: ({ data }) => data.includes('"message-end"'),
});

describe("a recorded request of Cohere", () => {
  const asked = recordedCases("cohere-chat-v2").flatMap(({ recording }) =>
    isObject(recording.request?.body) ? [[recording.id, recording, recording.request.body] as const] : [],
  );
  it.each(asked)("is the same after both halves: %s", (_, recording, body) => {
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
