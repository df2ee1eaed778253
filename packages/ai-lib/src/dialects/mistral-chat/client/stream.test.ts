import { describe, expect, it } from "vitest";
import { replayBody, replayFrames, targetFor } from "../../../../test/support/halves.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

const target = targetFor("mistral");

function whole(message: JsonObject, finish = "stop", more: JsonObject = {}): ChatResponse {
  const outcome = replayBody(client, target, {
    id: "i",
    model: "m",
    choices: [{ index: 0, finish_reason: finish, message }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    ...more,
  });
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

function chunk(delta: JsonObject, finish: string | null = null, more: JsonObject = {}): string {
  return JSON.stringify({
    id: "i",
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  });
}

function streamed(...frames: string[]) {
  return replayFrames(client, target, frames);
}

function answer(...frames: string[]): ChatResponse {
  const { outcome } = streamed(...frames);
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no ending");
  return outcome.response;
}

function failure(...frames: string[]): AiLibError {
  const { outcome } = streamed(...frames);
  if (outcome === undefined || "response" in outcome) throw new Error("no failure");
  return outcome.error;
}

const STOP = chunk({ content: "" }, "stop", { usage: { prompt_tokens: 1, completion_tokens: 2 } });

const DONE = "[DONE]";

describe("a stream of Mistral's", () => {
  it("opens a part when its kind changes, and equals the whole reply", () => {
    const thinking = (text: string) => [
      { type: "thinking", thinking: [{ type: "text", text }], closed: true },
    ];
    const { events, outcome } = streamed(
      chunk({ role: "assistant", content: "" }),
      chunk({ content: thinking("a") }),
      chunk({ content: thinking("b") }),
      chunk({ content: "So" }),
      chunk({ content: " be it" }),
      chunk({ content: [{ type: "reference", reference_ids: [3] }] }),
      chunk({ content: [{ type: "text", text: "." }] }),
      STOP,
      DONE,
    );
    expect(events.map(({ type }) => type)).toEqual([
      "start",
      "part-start",
      "reasoning-delta",
      "reasoning-delta",
      "part-end",
      "part-start",
      "text-delta",
      "text-delta",
      "part-end",
      "part",
      "part-start",
      "text-delta",
      "part-end",
    ]);
    expect(events[0]).toEqual({ type: "start", id: "i", model: "m", provider: "mistral" });
    expect("response" in (outcome ?? {}) && (outcome as { response: ChatResponse }).response.content).toEqual(
      whole({
        content: [
          ...thinking("ab"),
          { type: "text", text: "So be it" },
          { type: "reference", reference_ids: [3] },
          { type: "text", text: "." },
        ],
      }).content,
    );
  });

  it("finishes with [DONE], before the connection closes", () => {
    const { outcome } = replayFrames(client, target, [chunk({ content: "x" }), STOP, DONE], false);
    expect(outcome).toHaveProperty("response");
  });

  it("finishes with a finish reason and a clean end where [DONE] is not sent", () => {
    expect(answer(chunk({ content: "x" }), STOP).text).toBe("x");
  });

  it("is truncated without a finish reason, with the content so far", () => {
    const error = failure(chunk({ content: "x" }), chunk({ content: "y" }));
    expect(error.code).toBe("STREAM_TRUNCATED");
    expect(error.partial?.text).toBe("xy");
    expect(error.partial?.message.incomplete).toBe(true);
  });

  it("is truncated if it ends after the finish reason of a call, without usage or [DONE]", () => {
    const call = { tool_calls: [{ index: 0, id: "abcdefghi", function: { name: "f", arguments: "{}" } }] };
    expect(failure(chunk(call, "tool_calls")).code).toBe("STREAM_TRUNCATED");
    expect(answer(chunk(call, "tool_calls"), DONE).finishReason).toBe("tool-calls");
  });

  it("skips empty choices, other choices, unknown frames and unknown fields", () => {
    const response = answer(
      JSON.stringify({ id: "i", model: "m", choices: [] }),
      JSON.stringify({ kind: "ping" }),
      chunk({ content: "x", p: "abc" }),
      JSON.stringify({ choices: [{ index: 1, delta: { content: "other" }, finish_reason: "length" }] }),
      STOP,
      DONE,
    );
    expect([response.text, response.finishReason]).toEqual(["x", "stop"]);
  });

  it("ends its sink once, whatever follows", () => {
    const heard: string[] = [];
    const decoder = client.decoder(target, {
      event: ({ type }) => heard.push(type),
      finish: () => heard.push("finish"),
      fail: () => heard.push("fail"),
    });
    for (const data of [STOP, DONE, chunk({ content: "late" }), "{", DONE]) decoder.frame({ data });
    decoder.end();
    expect(heard).toEqual(["start", "finish"]);
  });

  it("ends once: frames after the ending change nothing", () => {
    expect(answer(chunk({ content: "x" }), STOP, DONE, chunk({ content: "late" }), DONE).text).toBe("x");
  });

  it.each<[string, JsonObject[][]]>([
    [
      "whole, with an index",
      [
        [{ index: 0, id: "aaaaaaaaa", function: { name: "f", arguments: '{"a":1}' } }],
        [{ index: 1, id: "bbbbbbbbb", function: { name: "g", arguments: "{}" } }],
      ],
    ],
    [
      "whole, in one delta, without index or type",
      [
        [
          { id: "aaaaaaaaa", function: { name: "f", arguments: '{"a":1}' } },
          { id: "bbbbbbbbb", function: { name: "g", arguments: "{}" } },
        ],
      ],
    ],
    [
      "whole, all of index 0, which the schema's default is",
      [
        [{ index: 0, id: "aaaaaaaaa", function: { name: "f", arguments: '{"a":1}' } }],
        [{ index: 0, id: "bbbbbbbbb", function: { name: "g", arguments: "{}" } }],
      ],
    ],
    [
      "in pieces that take turns",
      [
        [{ index: 0, id: "aaaaaaaaa", function: { name: "f", arguments: '{"a"' } }],
        [{ index: 1, id: "bbbbbbbbb", function: { name: "g", arguments: "" } }],
        [{ index: 0, function: { name: "", arguments: ":1}" } }],
      ],
    ],
    [
      "with the id on every piece",
      [
        [{ index: 0, id: "aaaaaaaaa", function: { name: "f", arguments: '{"a"' } }],
        [{ index: 0, id: "aaaaaaaaa", function: { arguments: ":1}" } }],
        [{ index: 1, id: "bbbbbbbbb", function: { name: "g" } }],
      ],
    ],
    [
      "with the name behind the first arguments",
      [
        [{ index: 4, id: "aaaaaaaaa", function: { arguments: '{"a"' } }],
        [{ index: 4, function: { name: "f", arguments: ":1}" } }],
        [{ index: 5, id: "bbbbbbbbb", function: { name: "g", arguments: "null" } }],
      ],
    ],
  ])("reads calls that come %s", (_, deltas) => {
    const response = answer(
      ...deltas.map((entries) => chunk({ content: "", tool_calls: entries })),
      chunk({ content: "" }, "tool_calls"),
      DONE,
    );
    expect(response.toolCalls).toEqual([
      { type: "tool-call", id: "aaaaaaaaa", name: "f", arguments: { a: 1 } },
      { type: "tool-call", id: "bbbbbbbbb", name: "g", arguments: {} },
    ]);
  });

  it("keeps calls without index and id apart by their names", () => {
    const { toolCalls } = answer(
      chunk({ tool_calls: [{ function: { name: "f", arguments: '{"a":' } }] }),
      chunk({ tool_calls: [{ function: { arguments: "1}" } }] }),
      chunk({ tool_calls: [{ function: { name: "g", arguments: "{}" } }] }),
      chunk({}, "tool_calls"),
      DONE,
    );
    expect(toolCalls.map(({ name, arguments: given }) => [name, given])).toEqual([
      ["f", { a: 1 }],
      ["g", {}],
    ]);
    expect(toolCalls[0]?.id).not.toBe(toolCalls[1]?.id);
  });

  it("marks calls that the provider ran, as the whole reply does", () => {
    const response = answer(
      chunk({
        tool_calls: [{ index: 0, id: "abcdefghi", function: { name: "web_search", arguments: "{}" } }],
      }),
      chunk({ role: "tool", tool_call_id: "abcdefghi", content: "fou", index: 1 }),
      chunk({ role: "tool", tool_call_id: "abcdefghi", content: "nd", index: 1 }),
      chunk({ role: "assistant", content: "So", index: 2 }),
      STOP,
      DONE,
    );
    expect(response.content).toEqual([
      { type: "tool-call", id: "abcdefghi", name: "web_search", arguments: {}, executedBy: "provider" },
      { type: "tool-result", id: "abcdefghi", name: "web_search", content: "found", executedBy: "provider" },
      { type: "text", text: "So" },
    ]);
    expect(response.finishReason).toBe("stop");
  });

  it("skips one malformed frame with a warning, fails with a second, and with one among a call's arguments", () => {
    const one = answer(chunk({ content: "x" }), '{"id', STOP, DONE);
    expect(one.text).toBe("x");
    expect(one.warnings).toMatchObject([{ code: "malformed" }]);
    expect(failure(chunk({ content: "x" }), "{", "[", STOP, DONE).code).toBe("INVALID_RESPONSE");
    const call = chunk({
      tool_calls: [{ index: 0, id: "abcdefghi", function: { name: "f", arguments: "{}" } }],
    });
    expect(failure(call, "{", STOP, DONE).code).toBe("INVALID_RESPONSE");
  });

  it.each<[string, string, string]>([
    [
      "an error first",
      JSON.stringify({
        object: "error",
        message: "Service tier capacity exceeded for this model.",
        type: "invalid_request_error",
        code: null,
      }),
      "OVERLOADED",
    ],
    [
      "an error of another shape",
      JSON.stringify({ error: { message: "boom", type: "server_error" } }),
      "PROVIDER_ERROR",
    ],
    ["an error that has words alone", JSON.stringify({ error: "Rate limit exceeded" }), "RATE_LIMIT"],
  ])("fails with %s", (_, frame, code) => {
    expect(failure(frame).code).toBe(code);
    const midway = failure(chunk({ content: "x" }), frame, STOP, DONE);
    expect([midway.code, midway.committed, midway.partial?.text]).toEqual([code, true, "x"]);
  });

  it("fails if the answer broke, or holds nothing but a call without a name", () => {
    expect(failure(chunk({ content: "x" }, "error"), DONE).code).toBe("PROVIDER_ERROR");
    const nameless = chunk({ tool_calls: [{ index: 0, id: "a", function: { arguments: '{"a":1}' } }] });
    expect(failure(nameless, chunk({}, "tool_calls"), DONE).code).toBe("INVALID_RESPONSE");
  });

  it.each<[string, string]>([
    [
      "numbers",
      JSON.stringify({
        id: 1,
        model: 2,
        choices: [{ index: 0, delta: { content: 3, tool_calls: 4 }, finish_reason: 5 }],
        usage: 6,
      }),
    ],
    [
      "nulls",
      JSON.stringify({
        choices: [
          null,
          { delta: null },
          { delta: { content: [null, { type: "text" }], tool_calls: [null, { function: null }] } },
        ],
      }),
    ],
    ["lists", JSON.stringify({ id: [], choices: [[]], usage: [] })],
  ])("accepts %s in place of something else", (_, frame) => {
    const { outcome } = streamed(frame, STOP, DONE);
    expect(outcome).toBeDefined();
  });
});
