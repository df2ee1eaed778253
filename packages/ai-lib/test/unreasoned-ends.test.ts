import { describe, expect, it } from "vitest";
import type { DialectId } from "../src/core/contract/dialect.js";
import { defineProvider } from "../src/providers/endpoint/define.js";
import { errorOf, request } from "./support/calls.js";
import { memoryTransport } from "./support/memory-transport.js";

const sse = (...events: object[]) =>
  events
    .map((event) => {
      const { type } = event as { type?: string };
      return `${type === undefined ? "" : `event: ${type}\n`}data: ${JSON.stringify(event)}\n\n`;
    })
    .join("");
const chunk = (delta: object) => ({
  id: "1",
  model: "m",
  choices: [{ index: 0, delta, finish_reason: null }],
});

/** Streams that end with the terminator of their dialect, and without a word of why. */
const BODIES: readonly (readonly [DialectId, string])[] = [
  ["openai-chat", `${sse(chunk({ role: "assistant" }), chunk({ content: "Hi" }))}data: [DONE]\n\n`],
  ["mistral-chat", `${sse(chunk({ role: "assistant" }), chunk({ content: "Hi" }))}data: [DONE]\n\n`],
  [
    "anthropic-messages",
    sse(
      {
        type: "message_start",
        message: { id: "1", model: "m", usage: { input_tokens: 1, output_tokens: 0 } },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } },
      { type: "content_block_stop", index: 0 },
      { type: "message_stop" },
    ),
  ],
  [
    "cohere-chat",
    sse(
      { type: "message-start", id: "1", delta: { message: { role: "assistant" } } },
      { type: "content-start", index: 0, delta: { message: { content: { type: "text", text: "" } } } },
      { type: "content-delta", index: 0, delta: { message: { content: { text: "Hi" } } } },
      { type: "content-end", index: 0 },
      { type: "message-end", delta: {} },
    ),
  ],
];

describe.each(BODIES)("a stream of %s with its terminator and without a finish reason", (dialect, body) => {
  const provider = defineProvider(
    { id: "p", dialect, baseUrl: "https://p.example", model: "m" },
    {
      apiKey: "k",
      transport: memoryTransport({
        status: 200,
        headers: { "content-type": "text/event-stream" },
        body: new TextEncoder().encode(body),
      }),
    },
  );

  it("is an answer with a warning, in the stream and in the response", async () => {
    const stream = provider.stream(request);
    const seen: string[] = [];
    for await (const event of stream) if (event.type === "warning") seen.push(event.warning.message);
    const response = await stream.response();
    expect(response).toMatchObject({ text: "Hi", finishReason: "other" });
    expect(response.warnings.map(({ message }) => message)).toEqual([
      "p ended the stream without a finish reason, so the answer may not be whole",
    ]);
    expect(seen).toEqual(response.warnings.map(({ message }) => message));
  });

  it("is an error for a strict call", async () => {
    const error = await errorOf(provider.stream(request, { strict: true }).response());
    expect(error).toMatchObject({ code: "STREAM_TRUNCATED", committed: true, partial: { text: "Hi" } });
  });
});
