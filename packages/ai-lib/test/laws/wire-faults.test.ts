import { describe, expect, it } from "vitest";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import { bodyFramer } from "../../src/wire/framing.js";
import { replayBody, replayFrames, targetFor } from "../support/halves.js";
import type { Outcome } from "../support/recordings.js";
import { WIRES, type Wire, type WireAnswer } from "../support/wires.js";

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

  it("counts where it has a complete call", () => {
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
    const shapes = {
      "bedrock-converse": { message },
      "cohere-chat": { message },
      "mistral-chat": { object: "error", message },
      "ollama-chat": { error: message },
    } as Record<string, object>;
    const body = JSON.stringify(shapes[id] ?? { error: { message } });
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
