import { describe, expect, it } from "vitest";
import { replayBody, replayFrames, targetFor } from "../../../../test/support/halves.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

const target = targetFor("cohere");

function whole(message: JsonObject, finish = "COMPLETE", more: JsonObject = {}): ChatResponse {
  const outcome = replayBody(client, target, { id: "i", finish_reason: finish, message, ...more });
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

function event(type: string, fields: JsonObject = {}): string {
  return JSON.stringify({ type, ...fields });
}

const START = event("message-start", { id: "i", delta: { message: { role: "assistant" } } });

const DONE = "[DONE]";

function content(index: number, delta: JsonObject): string {
  return event("content-delta", { index, delta: { message: { content: delta } } });
}

function block(index: number, type: string): string {
  return event("content-start", { index, delta: { message: { content: { type, [type]: "" } } } });
}

function end(finish = "COMPLETE", more: JsonObject = {}): string {
  return event("message-end", { delta: { finish_reason: finish, ...more } });
}

function callStart(index: number, id: string, name: string, text = ""): string {
  const call = { id, type: "function", function: { name, arguments: text } };
  return event("tool-call-start", { index, delta: { message: { tool_calls: call } } });
}

function callDelta(index: number, text: string): string {
  return event("tool-call-delta", {
    index,
    delta: { message: { tool_calls: { function: { arguments: text } } } },
  });
}

function answer(...frames: string[]): ChatResponse {
  const { outcome } = replayFrames(client, target, frames);
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no ending");
  return outcome.response;
}

function failure(...frames: string[]): AiLibError {
  const { outcome } = replayFrames(client, target, frames);
  if (outcome === undefined || "response" in outcome) throw new Error("no failure");
  return outcome.error;
}

const origin = { family: "cohere", provider: "cohere", model: "asked", data: { field: "tool_plan" } };

const citation = (more: JsonObject = {}) => ({
  start: 0,
  end: 4,
  text: "Dock",
  sources: [
    { type: "document", id: "d1", document: { id: "d1", text: "Dock Seven", title: "T", url: "https://x" } },
  ],
  type: "TEXT_CONTENT",
  ...more,
});

describe("a stream of Cohere's", () => {
  it("equals the whole reply: plan, thinking, text, citations, calls", () => {
    const plan = (text: string) => event("tool-plan-delta", { delta: { message: { tool_plan: text } } });
    const streamed = answer(
      START,
      plan("I will"),
      plan(" look"),
      block(0, "thinking"),
      content(0, { thinking: "hm" }),
      event("content-end", { index: 0 }),
      block(1, "text"),
      content(1, { text: "Dock" }),
      event("citation-start", { index: 0, delta: { message: { citations: citation() } } }),
      event("citation-end", { index: 0 }),
      content(1, { text: " Seven" }),
      event("citation-start", {
        index: 1,
        delta: { message: { citations: citation({ content_index: 1 }) } },
      }),
      event("content-end", { index: 1 }),
      callStart(0, "f_1", "f"),
      callDelta(0, '{"a":'),
      callDelta(0, "1}"),
      event("tool-call-end", { index: 0 }),
      callStart(1, "g_1", "g"),
      event("tool-call-end", { index: 1 }),
      end("TOOL_CALL", { usage: { tokens: { input_tokens: 1, output_tokens: 2 } } }),
      DONE,
    );
    const unary = whole(
      {
        tool_plan: "I will look",
        content: [
          { type: "thinking", thinking: "hm" },
          { type: "text", text: "Dock Seven" },
        ],
        citations: [citation(), citation({ content_index: 1 })],
        tool_calls: [
          { id: "f_1", function: { name: "f", arguments: '{"a":1}' } },
          { id: "g_1", function: { name: "g", arguments: "" } },
        ],
      },
      "TOOL_CALL",
      { usage: { tokens: { input_tokens: 1, output_tokens: 2 } } },
    );
    expect(streamed.content).toEqual(unary.content);
    expect(streamed.usage).toEqual(unary.usage);
    expect([streamed.id, streamed.finishReason]).toEqual([unary.id, unary.finishReason]);
  });

  it("begins parts with their first character and a plan with its state, and closes each once", () => {
    const { events } = replayFrames(client, target, [
      START,
      event("tool-plan-delta", { delta: { message: { tool_plan: "p" } } }),
      block(0, "text"),
      content(0, { text: "" }),
      content(0, { text: "x" }),
      event("content-end", { index: 0 }),
      event("content-end", { index: 0 }),
      callStart(0, "f_1", "f", "{}"),
      end("TOOL_CALL"),
    ]);
    expect(events).toEqual([
      { type: "start", id: "i", provider: "cohere" },
      { type: "part-start", index: 0, part: { type: "reasoning" }, origin },
      { type: "reasoning-delta", index: 0, text: "p" },
      { type: "part-start", index: 1, part: { type: "text" } },
      { type: "text-delta", index: 1, text: "x" },
      { type: "part-end", index: 1 },
      { type: "part-end", index: 0, origin },
      { type: "part-start", index: 2, part: { type: "tool-call", id: "f_1", name: "f" } },
      { type: "tool-call-delta", index: 2, text: "{}" },
      { type: "part-end", index: 2 },
    ]);
  });

  it("finishes with message-end, before [DONE] and before the connection closes", () => {
    const { outcome } = replayFrames(client, target, [START, content(0, { text: "x" }), end()], false);
    expect(outcome).toHaveProperty("response");
  });

  it("is truncated without message-end, with or without [DONE], with the content so far", () => {
    for (const tail of [[], [DONE]]) {
      const error = failure(START, content(0, { text: "x" }), ...tail);
      expect([error.code, error.partial?.text]).toEqual(["STREAM_TRUNCATED", "x"]);
    }
  });

  it("takes an event's type from its frame if the data has none", () => {
    const frames = [
      { event: "message-start", data: '{"id":"i"}' },
      { event: "content-delta", data: '{"index":0,"delta":{"message":{"content":{"text":"x"}}}}' },
      { event: "message-end", data: '{"delta":{"finish_reason":"COMPLETE"}}' },
    ];
    const { outcome } = replayFrames(client, target, frames);
    expect(outcome !== undefined && "response" in outcome && outcome.response.text).toBe("x");
  });

  it("has log probabilities", () => {
    const weighed = event("content-delta", {
      index: 0,
      delta: { message: { content: { text: "x" } } },
      logprobs: { text: "x", token_ids: [1], logprobs: [-1] },
    });
    expect(answer(START, weighed, end()).content).toEqual([
      { type: "text", text: "x", logprobs: [{ token: "x", logprob: -1 }] },
    ]);
  });

  it("skips unknown events, and everything after the ending", () => {
    const frames = [
      START,
      event("debug", { prompt: "p" }),
      event("new-kind"),
      block(0, "hologram"),
      content(1, { text: "x" }),
      end(),
      content(1, { text: "late" }),
      end("ERROR"),
    ];
    expect(answer(...frames).text).toBe("x");
  });

  it("ends its sink once, whatever follows", () => {
    const heard: string[] = [];
    const decoder = client.decoder(target, {
      event: ({ type }) => heard.push(type),
      finish: () => heard.push("finish"),
      fail: () => heard.push("fail"),
    });
    for (const data of [START, end(), content(0, { text: "late" }), "{", end("ERROR"), DONE])
      decoder.frame({ data });
    decoder.end();
    expect(heard).toEqual(["start", "finish"]);
  });

  it("does not take arguments for complete because they parse", () => {
    const { toolCalls } = answer(
      START,
      callStart(0, "f_1", "f"),
      callDelta(0, "{}"),
      callDelta(0, " "),
      end("TOOL_CALL"),
    );
    expect(toolCalls[0]?.arguments).toEqual({});
    const broken = answer(
      START,
      callStart(0, "f_1", "f"),
      callDelta(0, "{}"),
      callDelta(0, "}"),
      end("TOOL_CALL"),
    );
    expect(broken.toolCalls[0]?.argumentsText).toBe("{}}");
  });

  it("skips one malformed frame with a warning, fails with a second, and with one among a call's arguments", () => {
    const one = answer(START, content(0, { text: "x" }), '{"type', end());
    expect([one.text, one.warnings[0]?.code]).toEqual(["x", "malformed"]);
    expect(failure(START, "{", "7", end()).code).toBe("INVALID_RESPONSE");
    expect(failure(START, callStart(0, "f_1", "f", "{}"), "{", end("TOOL_CALL")).code).toBe(
      "INVALID_RESPONSE",
    );
  });

  it.each<[string, string, string]>([
    ["a message where an event was due", JSON.stringify({ message: "rate limit exceeded" }), "RATE_LIMIT"],
    ["an error event", event("error", { message: "internal" }), "PROVIDER_ERROR"],
    ["an ending that failed", end("ERROR", { error: "out of capacity: overloaded" }), "OVERLOADED"],
    ["an ending that took too long", end("TIMEOUT"), "TIMEOUT"],
  ])("fails with %s", (_, frame, code) => {
    expect(failure(frame).code).toBe(code);
    const midway = failure(START, content(0, { text: "x" }), frame);
    expect([midway.code, midway.committed, midway.partial?.text]).toEqual([code, true, "x"]);
  });

  it.each<[string, string]>([
    ["numbers", event("content-delta", { index: "a", delta: 1 })],
    ["nulls", event("tool-call-start", { delta: { message: { tool_calls: null } } })],
    ["lists", event("citation-start", { delta: { message: { citations: [[]] } } })],
    ["nothing", event("message-start")],
  ])("accepts %s in place of something else", (_, frame) => {
    expect(replayFrames(client, target, [frame, end()]).outcome).toHaveProperty("response");
  });
});
