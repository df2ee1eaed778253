import { describe, expect, it } from "vitest";
import { describeRecordings } from "../../../test/recordings/describe-recordings.js";
import { canonical, recordedCases } from "../../../test/support/recordings.js";
import { isObject, type JsonObject } from "../../core/values/json.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

describeRecordings({
  api: "ollama-chat",
  client,
  isEnding: ({ data }) => /"done":\s*true/.test(data),
  unknown: { data: '{"status":"pulling"}' },
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

const requests = recordedCases("ollama-chat").flatMap(({ recording }) => {
  const body = recording.request?.body;
  const parsed: unknown = typeof body === "string" ? JSON.parse(body) : body;
  return isObject(parsed) ? [[recording.id, parsed] as const] : [];
});

describe("a recorded request of Ollama", () => {
  it.each(requests)("is the same after both halves: %s", (_, body) => {
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
