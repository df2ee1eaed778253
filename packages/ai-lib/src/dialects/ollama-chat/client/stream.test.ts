import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { AiLibError } from "../../../core/errors/error.js";
import { Fold } from "../../../core/kinds/chat/fold.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { ChatResponse, EndFacts } from "../../../core/values/chat-response.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "ollama", model: "qwen3:4b", quirks: {}, now: 5 };

const frame = { provider: "ollama", model: "m", id: "local", attempts: [], estimateInput: () => 1 };

interface Outcome {
  readonly events: ChatEvent[];
  readonly response?: ChatResponse;
  readonly error?: AiLibError;
}

/** Runs lines (JSON values, or raw text) through a decoder; the body ends only where `end` says so. */
function run(lines: readonly unknown[], end = false): Outcome {
  const events: ChatEvent[] = [];
  const fold = new Fold();
  let facts: EndFacts | undefined;
  let error: AiLibError | undefined;
  const decoder = client.decoder(target, {
    event(event) {
      events.push(event);
      fold.add(event);
    },
    finish(given) {
      facts = given;
    },
    fail(given) {
      error = given;
    },
  });
  for (const line of lines) decoder.frame({ data: typeof line === "string" ? line : JSON.stringify(line) });
  if (end) decoder.end();
  return {
    events,
    ...(facts === undefined ? {} : { response: fold.build(facts, frame) }),
    ...(error === undefined ? {} : { error }),
  };
}

const line = (message: object, more: object = {}) => ({
  model: "qwen3:4b",
  created_at: "2026-08-04T19:59:09.1Z",
  message: { role: "assistant", content: "", ...message },
  done: false,
  ...more,
});

const last = (more: object = {}) => line({}, { done: true, done_reason: "stop", ...more });

describe("a stream", () => {
  it("joins thinking and text, and ends with its last line", () => {
    const { response } = run([
      line({ thinking: "h" }),
      line({ thinking: "m" }),
      line({ content: "He" }),
      line({ content: "llo" }),
      last({ prompt_eval_count: 3, eval_count: 4, total_duration: 9 }),
    ]);
    expect(response).toMatchObject({
      content: [
        { type: "reasoning", text: "hm" },
        { type: "text", text: "Hello" },
      ],
      finishReason: "stop",
      model: "qwen3:4b",
      usage: { inputTokens: 3, outputTokens: 4, raw: { total_duration: 9 } },
    });
  });

  it("has complete calls, whose arguments are objects", () => {
    const { response } = run([
      line({ tool_calls: [{ id: "a", function: { index: 0, name: "f", arguments: { x: 1 } } }] }),
      line({ tool_calls: [{ function: { name: "f", arguments: {} } }, { function: { name: "g" } }] }),
      last(),
    ]);
    expect(response?.finishReason).toBe("tool-calls");
    expect(response?.toolCalls.map(({ name, arguments: given }) => [name, given])).toEqual([
      ["f", { x: 1 }],
      ["f", {}],
      ["g", {}],
    ]);
    expect(new Set(response?.toolCalls.map(({ id }) => id)).size).toBe(3);
  });

  it("accepts arguments that are text", () => {
    const { response } = run([
      line({ tool_calls: [{ function: { name: "f", arguments: '{"x":1}' } }] }),
      last(),
    ]);
    expect(response?.toolCalls[0]?.arguments).toEqual({ x: 1 });
  });

  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["load", "other"],
    [undefined, "stop"],
  ])("ends for a reason: %s", (done_reason, reason) => {
    expect(run([line({ content: "a" }), last({ done_reason })]).response?.finishReason).toBe(reason);
  });

  it("without usage has none of its own", () => {
    expect(run([line({ content: "a" }), last()]).response?.usageStatus).toBe("estimated");
  });

  it.each([
    ["nothing", [], "STREAM_TRUNCATED"],
    ["no last line", [line({ content: "a" })], "STREAM_TRUNCATED"],
    ["an error first", [{ error: "model 'x' not found" }], "MODEL_NOT_FOUND"],
    [
      "an error midway",
      [line({ content: "a" }), { error: "an error was encountered while running the model" }],
      "PROVIDER_ERROR",
    ],
    ["two lines that are no JSON", ["{", "}", last()], "INVALID_RESPONSE"],
  ])("with %s fails", (_, lines, code) => {
    expect(run(lines, true).error?.code).toBe(code);
  });

  it("with one line that is not JSON continues with a warning", () => {
    const { response } = run([line({ content: "a" }), "{oops", line({ content: "b" }), last()]);
    expect(response?.text).toBe("ab");
    expect(response?.warnings.map(({ code }) => code)).toEqual(["malformed"]);
  });

  it.each([
    [null],
    [[]],
    [{}],
    [{ message: 3 }],
    [{ message: { content: 4, thinking: [], tool_calls: "x", images: 1 } }],
    [{ message: { tool_calls: [null, {}, { function: 1 }] } }],
  ])("skips wrong types: %j", (odd) => {
    expect(run([JSON.stringify(odd), line({ content: "a" }), last()]).response?.text).toBe("a");
  });

  it("emits nothing after its ending", () => {
    const { events } = run([last(), line({ content: "late" }), { error: "late" }], true);
    expect(events.map(({ type }) => type)).toEqual(["start"]);
  });
});
