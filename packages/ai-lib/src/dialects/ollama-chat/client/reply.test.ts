import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { AiLibError } from "../../../core/errors/error.js";
import { Fold } from "../../../core/kinds/chat/fold.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { ChatResponse, EndFacts } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { Message } from "../../../core/values/message.js";
import { server as half } from "../server/index.js";
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
  it("joins thinking and words, and ends with its last line at once", () => {
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

  it("holds calls whole, with arguments that are objects", () => {
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

  it("takes arguments that are text", () => {
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

  it("with one line that is no JSON goes on with a warning", () => {
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
  ])("passes over odd types: %j", (odd) => {
    expect(run([JSON.stringify(odd), line({ content: "a" }), last()]).response?.text).toBe("a");
  });

  it("tells nothing after its ending", () => {
    const { events } = run([last(), line({ content: "late" }), { error: "late" }], true);
    expect(events.map(({ type }) => type)).toEqual(["start"]);
  });
});

describe("a whole reply", () => {
  const decode = (body: string) => client.decode({ status: 200, headers: {}, body }, target);
  it("is one line", () => {
    const body = {
      ...last({ eval_count: 1 }),
      message: { role: "assistant", content: "a", thinking: "b", images: ["/9j/4A"] },
    };
    expect(decode(JSON.stringify(body)).content).toEqual([
      { type: "reasoning", text: "b" },
      { type: "text", text: "a" },
      { type: "image", mediaType: "image/jpeg", data: "/9j/4A" },
    ]);
  });
  it.each([
    ["", "INVALID_RESPONSE"],
    ["<html>", "INVALID_RESPONSE"],
    ["{}", "INVALID_RESPONSE"],
    ['{"error":"x does not support tools"}', "UNSUPPORTED_FEATURE"],
  ])("that is none is an error: %s", (body, code) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code }));
  });
});

describe("an error", () => {
  it.each([
    [404, { error: "model 'llama3.1:8b' not found" }, "MODEL_NOT_FOUND"],
    [404, { error: 'model "x" not found, try pulling it first' }, "MODEL_NOT_FOUND"],
    [400, { error: "registry.ollama.ai/library/gemma:2b does not support tools" }, "UNSUPPORTED_FEATURE"],
    [400, { error: '"llama3.1:8b" does not support thinking' }, "UNSUPPORTED_FEATURE"],
    [400, { error: "the input length exceeds the context length" }, "CONTEXT_TOO_LONG"],
    [400, { error: "invalid options: foo" }, "INVALID_REQUEST"],
    [401, { error: "unauthorized" }, "AUTH_FAILED"],
    [429, { error: "too many concurrent requests" }, "RATE_LIMIT"],
    [
      429,
      { error: "you (jo) have reached your weekly usage limit, upgrade for higher limits" },
      "QUOTA_EXHAUSTED",
    ],
    [500, { error: "llama runner process has terminated: exit status 2" }, "PROVIDER_ERROR"],
    [
      500,
      { error: "model requires more system memory (9.4 GiB) than is available (3.2 GiB)" },
      "PROVIDER_ERROR",
    ],
    [502, { error: "upstream" }, "PROVIDER_ERROR"],
    [503, { error: "server busy, please try again.  maximum pending requests exceeded" }, "OVERLOADED"],
    [500, { error: { message: "boom" } }, "PROVIDER_ERROR"],
    [500, { error: "x", code: "CANCELLED" }, "PROVIDER_ERROR"],
  ])("%i %j", (status, body, code) => {
    const found = client.error({ status, headers: {}, body: JSON.stringify(body) }, target);
    expect(found).toMatchObject({ code, status });
  });
  it("may be no JSON", () => {
    expect(client.error({ status: 502, headers: {}, body: "<html>" }, target).code).toBe("PROVIDER_ERROR");
  });
});

describe("a request", () => {
  const encode = (request: Partial<ChatRequest>, quirks = {}) =>
    JSON.parse(
      client.encode({ messages: [{ role: "user", content: "hi" }], ...request }, "unary", {
        ...target,
        quirks,
      }).http.body ?? "",
    ) as JsonObject;

  it("says that it is no stream, which the server would take for granted", () => {
    expect(encode({})).toEqual({
      model: "qwen3:4b",
      messages: [{ role: "user", content: "hi" }],
      stream: false,
    });
  });

  it("says levels of thinking where the server knows them", () => {
    expect(encode({ reasoning: { effort: "low" } })["think"]).toBe("low");
    expect(encode({ reasoning: { effort: "low" } }, { thinkIsBoolean: true })["think"]).toBe(true);
    expect(encode({ reasoning: { effort: "none" } }, { thinkIsBoolean: true })["think"]).toBe(false);
  });

  it("replays calls with results, pictures of results behind them, and no ids that were made here", () => {
    const image = { type: "image" as const, mediaType: "image/png", data: "iVBORw0KGgo=" };
    const messages: Message[] = [
      { role: "user", content: "go" },
      {
        role: "assistant",
        content: [
          { type: "tool-call", id: "ollama_5_0", name: "f", arguments: {} },
          { type: "tool-call", id: "call_1", name: "g", arguments: { a: 1 } },
        ],
      },
      {
        role: "tool",
        content: [{ type: "tool-result", id: "ollama_5_0", content: [{ type: "text", text: "see" }, image] }],
      },
      { role: "tool", content: [{ type: "tool-result", id: "call_1", content: "ok" }] },
      { role: "user", content: "and?" },
    ];
    expect((encode({ messages })["messages"] as JsonObject[]).slice(1)).toEqual([
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { function: { name: "f", arguments: {} } },
          { id: "call_1", function: { name: "g", arguments: { a: 1 } } },
        ],
      },
      { role: "tool", content: "see", tool_name: "f" },
      { role: "tool", content: "ok", tool_name: "g", tool_call_id: "call_1" },
      { role: "user", content: "", images: ["iVBORw0KGgo="] },
      { role: "user", content: "and?" },
    ]);
  });

  it("leaves out calls that were cut, with their results, and turns that failed", () => {
    const messages: Message[] = [
      { role: "user", content: "go" },
      { role: "assistant", content: "half", incomplete: true },
      { role: "assistant", content: [{ type: "tool-call", id: "1", name: "f", argumentsText: "{" }] },
      { role: "tool", content: [{ type: "tool-result", id: "1", content: "x" }] },
    ];
    expect(encode({ messages })["messages"]).toEqual([{ role: "user", content: "go" }]);
  });

  it("carries extensions of this dialect and this provider, and of nobody else", () => {
    const extensions = {
      "ollama-chat": { options: { num_ctx: 9 } },
      ollama: { keep_alive: 0 },
      openai: { no: 1 },
    };
    expect(encode({ extensions, temperature: 0 })).toMatchObject({
      options: { temperature: 0, num_ctx: 9 },
      keep_alive: 0,
    });
    expect(encode({ extensions })).not.toHaveProperty("no");
  });

  it("is refused where it goes on from state", () => {
    expect(() => encode({ continues: { provider: "openai", id: "x" } })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
  });

  it.each([
    ["", "no JSON object"],
    ["{}", "model is required"],
    ['{"model":"m","messages":[{"role":"robot"}]}', "role"],
    ['{"model":"m","messages":[],"options":{"temperature":"hot"}}', "temperature"],
  ])("that is none is refused by a server: %s", (body, words) => {
    expect(() => half.decode({ method: "POST", path: "/api/chat", headers: {}, body })).toThrow(words);
  });
});

describe("models", () => {
  it("are listed", () => {
    const listed = [{ id: "qwen3:4b", provider: "ollama", createdAt: 1_760_000_000_000 }];
    expect(half.models && client.models?.decode(half.models.encode(listed), target)).toEqual(listed);
    expect(client.models?.encode(target)).toMatchObject({ method: "GET", path: "/api/tags" });
  });
});
