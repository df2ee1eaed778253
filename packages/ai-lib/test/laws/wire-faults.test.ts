import { describe, expect, it } from "vitest";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import type { JsonObject } from "../../src/core/values/json.js";
import { bodyFramer, otherFramings } from "../../src/wire/framing.js";
import { framersByKind } from "../../src/wire/other-framings.js";
import { replayBody, replayFrames, targetFor } from "../support/halves.js";
import type { Outcome } from "../support/recordings.js";
import { WIRES, type Wire, type WireAnswer } from "../support/wires.js";

otherFramings.provide(framersByKind);

/** Every dialect, whole and streamed. */
const CASES = WIRES.flatMap((wire) =>
  (["whole", "streamed"] as const).map((mode) => [wire.client.id, mode, wire] as const),
);

function outcomeOf(wire: Wire, mode: "whole" | "streamed", answer: WireAnswer): Outcome {
  const target = targetFor("labs");
  if (mode === "whole") return replayBody(wire.client, target, wire.whole(answer));
  const { outcome } = replayFrames(wire.client, target, wire.frames(answer));
  if (outcome === undefined) throw new Error("no ending");
  return outcome;
}

function responseOf(outcome: Outcome): ChatResponse {
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

describe.each(CASES)("what the model did wrong: %s %s", (_id, mode, wire) => {
  it("in one call leaves the good calls, the text and the usage", () => {
    const response = responseOf(
      outcomeOf(wire, mode, {
        text: "Calling.",
        calls: [
          { id: "abcdefgh1", name: "t", args: '{"a": 1' },
          { id: "abcdefgh2", name: "t", args: '{"a": 2}' },
        ],
      }),
    );
    expect(response.text).toBe("Calling.");
    const [broken, good] = response.toolCalls;
    expect(broken).toMatchObject({ name: "t" });
    expect([broken?.arguments, broken?.argumentsText?.includes('"a')]).toEqual([undefined, true]);
    expect(good).toMatchObject({ name: "t", arguments: { a: 2 } });
    expect(response.finishReason).toBe("tool-calls");
    expect(response.usage).toMatchObject({ inputTokens: 5, outputTokens: 7 });
    expect(response.warnings).toMatchObject([{ code: "malformed" }]);
  });

  it("in a name leaves the good call, with a warning", () => {
    const response = responseOf(
      outcomeOf(wire, mode, {
        calls: [
          { id: "abcdefgh1", name: "", args: '{"a": 1}' },
          { id: "abcdefgh2", name: "t", args: '{"a": 2}' },
        ],
      }),
    );
    expect(response.toolCalls).toMatchObject([{ name: "t", arguments: { a: 2 } }]);
    expect(response.warnings).toMatchObject([{ code: "malformed" }]);
  });

  it("in all that there is makes an INVALID_RESPONSE, which retries and failover see", () => {
    const outcome = outcomeOf(wire, mode, { calls: [{ id: "abcdefgh1", name: "", args: '{"a": 1}' }] });
    expect("error" in outcome && outcome.error).toMatchObject({ code: "INVALID_RESPONSE", retryable: true });
  });
});

describe.each(CASES)("what holds nothing: %s %s", (_id, mode, wire) => {
  it("is no part: an empty text before a call", () => {
    const calls = [{ id: "abcdefgh1", name: "t", args: "{}" }];
    const response = responseOf(outcomeOf(wire, mode, { text: "", calls }));
    expect(response.content.map(({ type }) => type)).toEqual(["tool-call"]);
    expect(response.warnings).toEqual([]);
  });

  it("is no call: a placeholder without name and arguments", () => {
    // A stream without a finish reason is cut; a whole answer is not.
    const noFinish = mode === "whole" ? { finish: "" } : {};
    const response = responseOf(
      outcomeOf(wire, mode, { text: "Hi", calls: [{ id: "", name: "", args: "" }], ...noFinish }),
    );
    expect(response.content.map(({ type }) => type)).toEqual(["text"]);
    expect(response.warnings).toEqual([]);
  });
});

/** Finish reasons of an answer that its vendor threw away, by dialect. */
const THROWN_AWAY: readonly (readonly [string, string])[] = [
  ["gemini", "MALFORMED_FUNCTION_CALL"],
  ["gemini", "UNEXPECTED_TOOL_CALL"],
  ["gemini", "MALFORMED_RESPONSE"],
  ["bedrock-converse", "malformed_tool_use"],
  ["bedrock-converse", "malformed_model_output"],
  ["openai-chat", "MALFORMED_FUNCTION_CALL"],
  ["openai-chat", "malformed_function_call"],
];

describe.each(
  THROWN_AWAY.flatMap(([id, finish]) =>
    CASES.filter((one) => one[0] === id).map(([, mode, wire]) => [id, mode, finish, wire] as const),
  ),
)("an answer that its vendor threw away: %s %s %s", (_id, mode, finish, wire) => {
  it("is an INVALID_RESPONSE, and not an answer without content", () => {
    const outcome = outcomeOf(wire, mode, { finish });
    expect("error" in outcome && outcome.error).toMatchObject({ code: "INVALID_RESPONSE", retryable: true });
  });

  it("counts if it has a complete call", () => {
    const calls = [{ id: "c1", name: "t", args: "{}" }];
    const response = responseOf(outcomeOf(wire, mode, { calls, finish }));
    expect(response.toolCalls).toHaveLength(1);
    expect([response.finishReason, response.rawFinishReason]).toEqual(["tool-calls", finish]);
    expect(response.warnings).toMatchObject([{ code: "malformed" }]);
  });
});

describe.each(
  WIRES.filter(({ client }) => client.framing !== "aws-event-stream").map((w) => [w.client.id, w] as const),
)("a stream that is cut inside a frame: %s", (_id, { client, frames }) => {
  it("is truncated, whatever it was about to send", () => {
    const calls = [{ id: "abcdefgh1", name: "t", args: '{"a": 1}' }];
    const all = frames({ text: "Hi", calls });
    const ends = client.framing === "sse" ? "\n\n" : "\n";
    const body = all.map((frame) => (client.framing === "sse" ? "data: " : "") + frame.data + ends).join("");
    for (let length = 20; length < body.length - 200; length += 7) {
      const target = targetFor("labs");
      const collected: string[] = [];
      const framer = bodyFramer("text/event-stream", client.framing, {
        frame: (frame) => collected.push(frame.data),
        whole: () => {},
      });
      framer.push(new TextEncoder().encode(body.slice(0, length)));
      framer.end();
      const { outcome } = replayFrames(client, target, collected);
      if (outcome !== undefined && "error" in outcome) expect(outcome.error.code).toBe("STREAM_TRUNCATED");
    }
  });
});

/** The error of each dialect, in the shape that its vendor uses and a type that says nothing. */
function errorBody(id: string, fields: JsonObject): JsonObject {
  switch (id) {
    case "bedrock-converse":
    case "cohere-chat":
      return fields;
    case "mistral-chat":
      return { object: "error", ...fields };
    case "ollama-chat":
      return { ...fields, error: fields["message"] ?? "" };
    default:
      return { error: fields };
  }
}

/** What vendors say of a prompt that is too long, with nothing else that tells. */
const TOO_LONG = [
  "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
  "Your input exceeds the context window of this model.",
  "prompt is too long: 208310 tokens > 200000 maximum",
  "input length and `max_tokens` exceed context limit: 190000 + 21333 > 200000",
  "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).",
  "Input is too long for requested model.",
  "Input Tokens Exceeded: Number of input tokens exceeds maximum length.",
  "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
  "Please reduce the length of the messages or completion.",
  "too many tokens: total number of tokens in the prompt cannot exceed 4081",
  "Prompt contains 65673 tokens, too large for model with 32768 maximum context length",
  "the request exceeds the available context size, try increasing it",
  "The total length of all messages is too long.",
  "prompt token count of 128000 exceeds the limit of 64000",
  "Your request exceeded model token limit: 131072",
  "invalid params, context window exceeds limit",
  "Range of input length should be [1, 30720]",
  "length of prompt_tokens (39113) must be less than max_seq_len (32768).",
  "The prompt (total length 100) is too long to fit into the model (context length 50)",
  "Prompt exceeds max length",
  "输入内容过长",
];

/** What is not about the prompt. */
const OTHER = [
  "max_tokens is too large: 100000. This model supports at most 16384 completion tokens.",
  "max_tokens must be less than or equal to 4096",
  "temperature must be between 0 and 1",
];

describe.each(WIRES.map(({ client }) => [client.id, client] as const))("words at a 400: %s", (id, client) => {
  /** An error whose shape tells nothing: the message is where each vendor has it. */
  const codeOf = (message: string, status: number): string => {
    const body = JSON.stringify(errorBody(id, { message }));
    return client.error({ status, headers: {}, body }, targetFor("labs")).code;
  };

  it.each(TOO_LONG)("tell that the context is too long: %s", (message) => {
    expect(codeOf(message, 400)).toBe("CONTEXT_TOO_LONG");
  });

  it.each(OTHER)("are a mistake of the request: %s", (message) => {
    expect(codeOf(message, 400)).toBe("INVALID_REQUEST");
  });

  it("tell of a rate where they tell of a demand as well", () => {
    const message = "Rate limit exceeded: limit_rpm/m. High demand for m - limited to 1 requests per minute.";
    expect(codeOf(message, 429)).toBe("RATE_LIMIT");
  });

  it("tell at a 500 what the model cannot do", () => {
    expect(codeOf("image input is not supported - hint: you may need to provide the mmproj", 500)).toBe(
      "UNSUPPORTED_FEATURE",
    );
    expect(codeOf("unsupported operand type(s) for +: 'int' and 'str'", 500)).toBe("PROVIDER_ERROR");
  });
});

describe.each(WIRES.map(({ client }) => [client.id, client] as const))(
  "a limit with its time: %s",
  (id, client) => {
    const NOW = targetFor("labs").now;
    const HOUR = 3_600_000;
    it.each<[string, JsonObject]>([
      ["in the message", { message: "Usage limit reached. Try again in 1 hour and 0 minutes." }],
      [
        "as a date in the message",
        { message: `You will regain access on ${new Date(NOW + HOUR).toISOString()}` },
      ],
      ["as an epoch", { message: "The usage limit has been reached", resets_at: (NOW + HOUR) / 1000 }],
      ["as seconds", { message: "The usage limit has been reached", resets_in_seconds: 3_600 }],
      ["as a wait", { message: "Slow down", retry_after: 3_600 }],
    ])("says when to come back: %s", (_how, fields) => {
      const reply = { status: 429, headers: {}, body: JSON.stringify(errorBody(id, fields)) };
      expect(client.error(reply, targetFor("labs")).retryAt).toBe(NOW + HOUR);
    });
  },
);

describe("the limit of a plan", () => {
  const { client, frames } = WIRES.find((wire) => wire.client.id === "openai-responses") as Wire;
  const target = targetFor("labs");
  const limits = (fields: JsonObject) => ({
    data: JSON.stringify({ type: "codex.rate_limits", plan_type: "plus", rate_limits: fields }),
  });

  it("is an error of a stream, with the time that its event names", () => {
    const error = {
      type: "usage_limit_reached",
      message: "The usage limit has been reached",
      resets_in_seconds: 60,
    };
    const { outcome } = replayFrames(client, target, [{ data: JSON.stringify({ type: "error", error }) }]);
    expect(outcome !== undefined && "error" in outcome && outcome.error).toMatchObject({
      code: "RATE_LIMIT",
      retryAt: target.now + 60_000,
    });
  });

  it("explains a stream that ends after the event of a used-up plan, and no other", () => {
    const used = limits({ limit_reached: true, primary: { used_percent: 100, reset_after_seconds: 60 } });
    const { outcome } = replayFrames(client, target, [used]);
    expect(outcome !== undefined && "error" in outcome && outcome.error).toMatchObject({
      code: "RATE_LIMIT",
      retryAt: target.now + 60_000,
    });
    const [created] = frames({ text: "Hi" });
    const left = limits({ limit_reached: false, allowed: true });
    const cut = replayFrames(client, target, [left, ...(created === undefined ? [] : [created])]).outcome;
    expect(cut !== undefined && "error" in cut && cut.error.code).toBe("STREAM_TRUNCATED");
    const went = replayFrames(client, target, [used, ...frames({ text: "Hi" })]).outcome;
    expect(went !== undefined && "response" in went && went.response.text).toBe("Hi");
  });
});

describe("the words of the provider behind a gateway", () => {
  const raw = JSON.stringify({ error: { message: "the tool schema is too deep", code: 400 } });
  const quoting = (id: string): JsonObject =>
    id === "bedrock-converse"
      ? { message: "The model failed", originalMessage: "the tool schema is too deep" }
      : { message: "Provider returned error", code: 400, metadata: { raw, provider_name: "Labs" } };
  it.each(
    WIRES.filter(({ client }) => !["cohere-chat", "mistral-chat", "ollama-chat"].includes(client.id)).map(
      ({ client }) => [client.id, client] as const,
    ),
  )("are shown: %s", (id, client) => {
    const reply = { status: 400, headers: {}, body: JSON.stringify(errorBody(id, quoting(id))) };
    expect(client.error(reply, targetFor("gateway")).message).toContain("the tool schema is too deep");
  });
});

describe("a whole that repeats its deltas", () => {
  const target = targetFor("labs");
  const play = (id: string, frames: readonly JsonObject[]): ChatResponse => {
    const wire = WIRES.find(({ client }) => client.id === id) as Wire;
    const { outcome } = replayFrames(
      wire.client,
      target,
      frames.map((frame) => ({ data: JSON.stringify(frame) })),
    );
    if (outcome === undefined) throw new Error("no ending");
    return responseOf(outcome);
  };
  const text = { type: "output_text", text: "Hello", annotations: [] };
  const message = { type: "message", id: "msg_1", role: "assistant", status: "completed", content: [text] };
  const reasoning = { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Think." }] };
  const delta = { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hello" };
  const added = { type: "response.output_item.added", output_index: 0, item: { ...message, content: [] } };
  const completed = (...output: JsonObject[]) => ({
    type: "response.completed",
    response: { id: "r", model: "m", status: "completed", output },
  });

  it.each<[string, JsonObject[]]>([
    [
      "at another place of its item",
      [
        added,
        { ...delta, content_index: 1 },
        { type: "response.output_item.done", output_index: 0, item: message },
        completed(message),
      ],
    ],
    [
      "at another place of the output",
      [
        added,
        delta,
        { type: "response.output_item.done", output_index: 1, item: message },
        completed(message),
      ],
    ],
    ["under another id", [added, delta, completed({ ...message, id: "msg_9" })]],
    ["behind an item that was not streamed", [added, delta, completed(reasoning, message)]],
    [
      "in a part whose place differs",
      [
        added,
        delta,
        { type: "response.content_part.done", output_index: 0, content_index: 3, part: text },
        completed(message),
      ],
    ],
    [
      "in a text whose place differs",
      [
        added,
        delta,
        { type: "response.output_text.done", output_index: 0, content_index: 3, text: "Hello" },
        completed(message),
      ],
    ],
  ])("counts once in a stream of responses: %s", (_where, frames) => {
    expect(play("openai-responses", frames).text).toBe("Hello");
  });

  it("leaves two parts with the same text two", () => {
    const twice = { ...message, content: [text, text] };
    const done = { type: "response.output_item.done", output_index: 0, item: twice };
    expect(play("openai-responses", [added, delta, done, completed(twice)]).text).toBe("HelloHello");
  });

  const chunk = (choice: JsonObject) => ({ id: "i", model: "m", choices: [{ index: 0, ...choice }] });
  const call = (args: string, more: JsonObject = {}) => ({
    tool_calls: [{ index: 0, ...more, function: { name: more["name"] ?? "", arguments: args } }],
  });

  it("counts once in a stream of chat completions", () => {
    const response = play("openai-chat", [
      chunk({ delta: { content: "Hel" } }),
      chunk({ delta: { content: "lo" } }),
      chunk({ message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }),
    ]);
    expect(response.text).toBe("Hello");
  });

  it.each(["openai-chat", "mistral-chat"])("counts once in the arguments of a call: %s", (id) => {
    const head = { id: "abcdefgh1", name: "t" };
    const response = play(id, [
      chunk({ delta: call('{"a":', head) }),
      chunk({ delta: call("1}", {}) }),
      chunk({ delta: call('{"a": 1}', head), finish_reason: "tool_calls" }),
      { id: "i", model: "m", choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } },
    ]);
    expect(response.toolCalls).toMatchObject([{ name: "t", arguments: { a: 1 } }]);
  });
});

describe("facts on late chunks", () => {
  const choice = { index: 0, delta: { content: "Hi" } };
  it.each<[string, JsonObject[]]>([
    [
      "openai-chat",
      [
        { choices: [choice] },
        { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
        {
          id: "i",
          model: "m",
          choices: [],
          service_tier: "flex",
          usage: { prompt_tokens: 1, completion_tokens: 1 },
        },
      ],
    ],
    [
      "mistral-chat",
      [
        { choices: [choice] },
        { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
        {
          id: "i",
          model: "m",
          choices: [],
          service_tier: "flex",
          usage: { prompt_tokens: 1, completion_tokens: 1 },
        },
      ],
    ],
    [
      "gemini",
      [
        { candidates: [{ content: { parts: [{ text: "Hi" }] } }] },
        { candidates: [{ finishReason: "STOP" }] },
        {
          responseId: "i",
          modelVersion: "m",
          usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, serviceTier: "flex" },
        },
      ],
    ],
  ])("count: %s", (id, frames) => {
    const { client } = WIRES.find((wire) => wire.client.id === id) as Wire;
    const data = frames.map((frame) => ({ data: JSON.stringify(frame) }));
    const { outcome } = replayFrames(client, targetFor("labs"), data);
    expect(outcome).toMatchObject({ response: { text: "Hi", id: "i", model: "m", serviceTier: "flex" } });
  });
});

describe("what a provider says it billed", () => {
  const wire = WIRES.find(({ client }) => client.id === "openai-chat") as Wire;
  const billed = (more: JsonObject, quirks = {}): number | undefined => {
    const body = {
      ...wire.whole({ text: "Hi" }),
      usage: { prompt_tokens: 5, completion_tokens: 7, ...more },
    };
    return responseOf(replayBody(wire.client, targetFor("labs", quirks), body)).cost;
  };
  it("is the cost, if its currency is known", () => {
    expect(billed({ cost: 0.5 }, { costInDollars: true })).toBe(0.5);
    expect(billed({ cost: 0 }, { costInDollars: true })).toBe(0);
    expect(billed({ cost: 0.5 })).toBeUndefined();
    expect(billed({ cost: -1 }, { costInDollars: true })).toBeUndefined();
    expect(billed({ cost_in_usd_ticks: 790_000 })).toBeCloseTo(0.000079, 12);
    expect(billed({ cost: { total_cost: 0.006 } })).toBe(0.006);
    const own = { cost: 0.01, is_byok: true, cost_details: { upstream_inference_cost: 0.2 } };
    expect(billed(own, { costInDollars: true })).toBeCloseTo(0.21, 12);
  });
});

describe("tokens that only the total holds", () => {
  const usageIn = (id: string, usage: JsonObject) => {
    const wire = WIRES.find(({ client }) => client.id === id) as Wire;
    const field = id === "gemini" ? "usageMetadata" : "usage";
    const body = { ...wire.whole({ text: "Hi" }), [field]: usage };
    return responseOf(replayBody(wire.client, targetFor("labs"), body)).usage;
  };
  it.each<[string, string, JsonObject, number, number]>([
    ["openai-chat", "thinking", { prompt_tokens: 5, completion_tokens: 7, total_tokens: 112 }, 5, 107],
    ["openai-chat", "the output", { prompt_tokens: 5, total_tokens: 12 }, 5, 7],
    ["openai-chat", "the input", { completion_tokens: 7, total_tokens: 12 }, 5, 7],
    [
      "openai-chat",
      "the cache",
      { prompt_tokens: 5, completion_tokens: 7, total_tokens: 112, cache_read_input_tokens: 100 },
      105,
      7,
    ],
    ["openai-responses", "thinking", { input_tokens: 5, output_tokens: 7, total_tokens: 112 }, 5, 107],
    ["gemini", "thinking", { promptTokenCount: 5, candidatesTokenCount: 7, totalTokenCount: 112 }, 5, 107],
    ["gemini", "the output", { promptTokenCount: 5, totalTokenCount: 12 }, 5, 7],
  ])("count: %s, %s", (id, _what, usage, input, output) => {
    expect(usageIn(id, usage)).toMatchObject({ inputTokens: input, outputTokens: output });
  });
});
