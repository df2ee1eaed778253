import { describe, expect, it } from "vitest";
import { replayFrames, targetFor } from "../../../../test/support/halves.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { client } from "./index.js";

const target = targetFor("openai");

function run(...events: unknown[]) {
  return replayFrames(
    client,
    target,
    events.map((event) => (typeof event === "string" ? event : JSON.stringify(event))),
  );
}

function answer(...events: unknown[]): ChatResponse {
  const { outcome } = run(...events);
  if (outcome === undefined) throw new Error("no ending");
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

function failure(...events: unknown[]): string | undefined {
  const { outcome } = run(...events);
  return outcome !== undefined && "error" in outcome ? outcome.error.code : undefined;
}

const created = { type: "response.created", response: { id: "resp_1", model: "m" } };

const completed = {
  type: "response.completed",
  response: { id: "resp_1", model: "m", status: "completed", output: [] },
};

const added = (item: unknown, output_index: unknown = 0) => ({
  type: "response.output_item.added",
  output_index,
  item,
});

const done = (item: unknown, output_index: unknown = 0) => ({
  type: "response.output_item.done",
  output_index,
  item,
});

const text = (delta: string, output_index: unknown = 0, item_id = "msg_1") => ({
  type: "response.output_text.delta",
  output_index,
  content_index: 0,
  item_id,
  delta,
});

const args = (delta: string, output_index = 0) => ({
  type: "response.function_call_arguments.delta",
  output_index,
  delta,
});

const message = { id: "msg_1", type: "message", role: "assistant", content: [] };

const whole = (value: string) => ({
  ...message,
  content: [{ type: "output_text", text: value, annotations: [] }],
});

const call = { id: "fc_1", type: "function_call", call_id: "call_1", name: "f", arguments: "" };

describe("a stream", () => {
  it("starts once, with the response's id and model, and passes text on as it arrives", () => {
    const { events } = run(
      created,
      { type: "response.in_progress", response: { id: "resp_1", model: "m" } },
      added(message),
      {
        type: "response.content_part.added",
        output_index: 0,
        content_index: 0,
        part: { type: "output_text", text: "" },
      },
      text("Hel"),
      text("lo"),
      done(whole("Hello")),
      completed,
    );
    const state = {
      origin: { family: "openai", provider: "openai", model: "m", data: { id: "msg_1", type: "message" } },
    };
    expect(events).toEqual([
      { type: "start", provider: "openai", id: "resp_1", model: "m" },
      { type: "part-start", index: 0, part: { type: "text" }, ...state },
      { type: "text-delta", index: 0, text: "Hel" },
      { type: "text-delta", index: 0, text: "lo" },
      { type: "part-end", index: 0, ...state },
    ] satisfies ChatEvent[]);
  });

  it("is keyed on the place of an item, since proxies give it another id with every event", () => {
    const { text: said } = answer(
      created,
      added({ ...message, id: "a" }),
      text("One ", 0, "b"),
      added(call, 1),
      text("two", 0, "c"),
      args("{}", 1),
      done({ ...call, id: "z", arguments: "{}" }, 1),
      done({ ...whole("One two"), id: "d" }),
      completed,
    );
    expect(said).toBe("One two");
  });

  it("takes the latest item if events have no place", () => {
    const response = answer(
      created,
      added(message, undefined),
      text("Hi", undefined),
      done(whole("Hi"), undefined),
      added(call, undefined),
      done({ ...call, arguments: "{}" }, undefined),
      completed,
    );
    expect(response.text).toBe("Hi");
    expect(response.toolCalls).toMatchObject([{ name: "f", arguments: {} }]);
  });

  it("takes from an item's end what no delta brought, and no more than that", () => {
    const finished = { type: "response.function_call_arguments.done", output_index: 0, arguments: '{"a":1}' };
    const over = done({ ...call, arguments: '{"a":1}' });
    for (const events of [
      [finished, over],
      [over],
      [args('{"a":'), finished, over],
      [args('{"a":1}'), finished, over],
    ])
      expect(answer(created, added(call), ...events, completed).toolCalls).toMatchObject([
        { arguments: { a: 1 } },
      ]);
    const said = { type: "response.output_text.done", output_index: 0, content_index: 0, text: "Hello" };
    for (const events of [[said], [text("Hel"), said], [text("Hello"), said], []])
      expect(answer(created, added(message), ...events, done(whole("Hello")), completed).text).toBe("Hello");
  });

  it("never takes a whole text for the rest of another", () => {
    expect(answer(created, added(message), text("Hel "), done(whole("Hello there")), completed).text).toBe(
      "Hel ",
    );
  });

  it("reads an item that nothing announced", () => {
    expect(answer(created, text("Hi"), completed).text).toBe("Hi");
    expect(
      answer(created, args('{"a":1}'), done({ ...call, arguments: '{"a":1}' }), completed).toolCalls,
    ).toMatchObject([{ id: "call_1", arguments: { a: 1 } }]);
  });

  it("takes what was announced where neither a delta nor an end came", () => {
    const response = answer(
      created,
      added({ ...call, arguments: '{"a":1}' }),
      added(whole("Hi"), 1),
      completed,
    );
    expect(response.content).toMatchObject([{ type: "tool-call", arguments: { a: 1 } }, { text: "Hi" }]);
  });

  it("gives text to the message if a server counts its items wrong", () => {
    const thought = { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "Hm" }] };
    const response = answer(
      created,
      done(thought),
      added(message, 1),
      text("Hi", 0),
      done(whole("Hi"), 1),
      completed,
    );
    expect(response.content.map((part) => ("text" in part ? part.text : part.type))).toEqual(["Hm", "Hi"]);
  });

  it("keeps to its events where the last one orders the items otherwise", () => {
    const thought = {
      id: "rs_1",
      type: "reasoning",
      summary: [],
      content: [{ type: "reasoning_text", text: "Hm" }],
    };
    const last = {
      ...completed,
      response: { ...completed.response, output: [whole("4"), { ...thought, id: "rs_2" }] },
    };
    const response = answer(created, done(thought), done(whole("4"), 1), last);
    expect(response.content.map(({ type }) => type)).toEqual(["reasoning", "text"]);
  });

  it("gives summaries and thinking part by part, with the cipher of the item's end", () => {
    const summary = (delta: string, summary_index: number) => ({
      type: "response.reasoning_summary_text.delta",
      output_index: 0,
      summary_index,
      delta,
    });
    const response = answer(
      created,
      added({ id: "rs_1", type: "reasoning", summary: [], encrypted_content: "early" }),
      summary("A", 0),
      summary("B", 1),
      { type: "response.reasoning_text.delta", output_index: 0, content_index: 0, delta: "C" },
      done({
        id: "rs_1",
        type: "reasoning",
        summary: [{ text: "A" }, { text: "B" }],
        content: [{ text: "C" }],
        encrypted_content: "late",
      }),
      completed,
    );
    expect(response.content).toMatchObject([
      { text: "A", origin: { data: { type: "reasoning", id: "rs_1", encrypted_content: "late" } } },
      { text: "B", origin: { data: { type: "reasoning", id: "rs_1" } } },
      { text: "C", origin: { data: { type: "reasoning", id: "rs_1", place: "content" } } },
    ]);
  });

  it("gives the input of a text tool as text and makes JSON of code, whatever cuts them", () => {
    const tool = { id: "ctc_1", type: "custom_tool_call", call_id: "call_1", name: "patch", input: "" };
    const input = 'say "é😀"\n';
    const pieces = [...input].map((_, i) => input.slice(i, i + 1));
    const deltas = Array.from({ length: input.length }, (_, i) => ({
      type: "response.custom_tool_call_input.delta",
      output_index: 0,
      delta: input.charAt(i),
    }));
    expect(pieces.length).toBeGreaterThan(0);
    expect(
      answer(created, added(tool), ...deltas, done({ ...tool, input }), completed).toolCalls,
    ).toMatchObject([{ name: "patch", input }]);
    const code = { id: "ci_1", type: "code_interpreter_call", code: "", container_id: "c" };
    const ran = answer(
      created,
      added(code),
      { type: "response.code_interpreter_call_code.delta", output_index: 0, delta: "1+" },
      { type: "response.code_interpreter_call_code.done", output_index: 0, code: "1+1" },
      done({ ...code, code: "1+1" }),
      completed,
    );
    expect(ran.content).toMatchObject([
      { name: "code_interpreter", arguments: { code: "1+1" }, executedBy: "provider" },
    ]);
  });

  it("gives sources as they arrive, once, also after their text has ended", () => {
    const annotation = (n: number) => ({
      type: "url_citation",
      url: `https://${n}.example`,
      title: "T",
      start_index: 0,
      end_index: 1,
    });
    const event = (n: number) => ({
      type: "response.output_text.annotation.added",
      output_index: 0,
      content_index: 0,
      annotation_index: n - 1,
      annotation: annotation(n),
    });
    const ended = {
      ...message,
      content: [{ type: "output_text", text: "Hi", annotations: [annotation(1), annotation(2)] }],
    };
    const response = answer(
      created,
      added(message),
      text("Hi"),
      event(1),
      done(ended),
      event(2),
      event(3),
      completed,
    );
    const urls = response.content.flatMap((part) => (part.type === "source" ? [part.url] : []));
    expect(urls).toEqual(["https://1.example", "https://2.example", "https://3.example"]);
  });

  it("ends with xAI's last event, and with one of a response that was not completed", () => {
    const response = { id: "resp_1", model: "m", output: [] };
    expect(
      answer(created, text("Hi"), { type: "response.done", response: { ...response, status: "completed" } }),
    ).toMatchObject({ finishReason: "stop", text: "Hi" });
    const cut = {
      type: "response.incomplete",
      response: { ...response, incomplete_details: { reason: "max_output_tokens" } },
    };
    expect(answer(created, text("Hi"), cut)).toMatchObject({ finishReason: "length", text: "Hi" });
  });

  it("closes what its last event left open, but a call that the token limit cut", () => {
    const tool = { id: "ctc_1", type: "custom_tool_call", call_id: "call_1", name: "patch", input: "" };
    const delta = { type: "response.custom_tool_call_input.delta", output_index: 0, delta: "abc" };
    expect(answer(created, added(tool), delta, completed).toolCalls).toMatchObject([{ input: "abc" }]);
    const cut = {
      type: "response.incomplete",
      response: { incomplete_details: { reason: "max_output_tokens" } },
    };
    const [call] = answer(created, added(tool), delta, cut).toolCalls;
    expect(call).toMatchObject({ argumentsText: "abc" });
    expect(call).not.toHaveProperty("input");
  });

  it("finishes at its last event, without waiting for the end of the body, and ignores what follows", () => {
    const frames = [
      created,
      text("Hi"),
      completed,
      text("more"),
      { type: "error", code: "x", message: "late" },
    ];
    const { outcome } = replayFrames(
      client,
      target,
      frames.map((one) => JSON.stringify(one)),
      false,
    );
    expect(outcome).toMatchObject({ response: { text: "Hi" } });
  });

  it.each<[string, unknown[]]>([
    ["nothing", []],
    ["a start", [created]],
    ["half a text", [created, added(message), text("Hel")]],
    ["a text that ended", [created, added(message), text("Hello"), done(whole("Hello"))]],
    ["a marker without an ending", [created, text("Hello"), "[DONE]"]],
  ])("is truncated without its last event: %s", (_, events) => {
    expect(failure(...events)).toBe("STREAM_TRUNCATED");
  });

  it("skips one frame that is not JSON if it contained nothing of the answer", () => {
    const response = answer(created, added(message), text("Hi"), "{broken", done(whole("Hi")), completed);
    expect(response.text).toBe("Hi");
    expect(response.warnings).toMatchObject([{ code: "malformed" }]);
  });

  it.each<[string, unknown[]]>([
    ["a second one", [created, "{", "}", completed]],
    [
      "one amid the arguments of a call",
      [created, added(call), args("{"), "{broken", args("}"), done(call), completed],
    ],
    [
      "one that took a piece of the text along",
      [created, added(message), text("Hel"), "{broken", text("!"), done(whole("Hello!")), completed],
    ],
  ])("fails at frames that are not JSON: %s", (_, events) => {
    expect(failure(...events)).toBe("INVALID_RESPONSE");
  });

  it("keeps arguments that are not an object, and fails for nothing but a call without a name", () => {
    const [broken] = answer(created, done({ ...call, arguments: "[1]" }), completed).toolCalls;
    expect(broken?.argumentsText).toBe("[1]");
    expect(failure(created, done({ ...call, name: "", arguments: '{"a":1}' }), completed)).toBe(
      "INVALID_RESPONSE",
    );
    const placeholder = answer(created, done({ ...call, name: "", arguments: "" }), completed);
    expect([placeholder.toolCalls, placeholder.warnings]).toEqual([[], []]);
  });
});
