import { describe, expect, it } from "vitest";
import { AiClient } from "../src/client/ai-client.js";
import type { Transport } from "../src/core/contract/transport.js";
import { CustomProviderBuilder } from "../src/providers/own/custom.js";
import { failover } from "../src/strategies/failover.js";
import { scripted } from "../src/testing/scripted.js";
import { request } from "./support/calls.js";

/** A transport whose reply comes in these reads, one after the other. */
function readsOf(...reads: readonly string[]): Transport {
  return {
    open(_request, sink) {
      queueMicrotask(async () => {
        sink.head(200, { "content-type": "text/event-stream" });
        for (const read of reads) {
          await new Promise((resolve) => setImmediate(resolve));
          sink.data(new TextEncoder().encode(read));
        }
        sink.end();
      });
      return { pause() {}, resume() {}, abort: () => undefined };
    },
  };
}

const frame = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const claude = [
  frame({ type: "message_start", message: { id: "m", model: "c", usage: { input_tokens: 3 } } }),
  `event: ping\n${frame({ type: "ping" })}`,
  ": a comment\n\n",
  frame({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
  frame({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } }),
  frame({ type: "content_block_stop", index: 0 }),
  frame({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } }),
  frame({ type: "message_stop" }),
];

function anthropic(reads: readonly string[]) {
  return new CustomProviderBuilder("labs")
    .withBaseUrl("https://labs.example/v1")
    .withDialect("anthropic-messages")
    .withDefaultChatModel("m")
    .withoutApiKey()
    .withEnvironment({})
    .withTransport(readsOf(...reads))
    .buildProvider();
}

const typesOf = async (stream: AsyncIterable<{ readonly type: string }>): Promise<string[]> => {
  const types: string[] = [];
  for await (const { type } of stream) types.push(type);
  return types;
};

describe("the pings of a stream", () => {
  it("come only if the call asks for them", async () => {
    expect(await typesOf(anthropic(claude).stream(request))).not.toContain("ping");
  });

  it("tell of every read that no event is made of, without delay and through every layer", async () => {
    const down = scripted({ name: "down", replies: [{ error: { code: "OVERLOADED", message: "no" } }] });
    const client = new AiClient(failover([down, anthropic(claude)]));
    const types = await typesOf(client.stream(request, { pings: true }));
    // A ping, a comment, the start of a block. The `start` waits for content; they do not.
    const start = types.indexOf("start");
    expect(types.slice(0, start)).toEqual(["ping", "ping", "ping"]);
    expect(types.slice(start).filter((type) => type !== "ping")).toEqual([
      "start",
      "usage",
      "part-start",
      "text-delta",
      "part-end",
      "finish",
    ]);
  });

  it("are heartbeats in the body of a response", async () => {
    const whole = await anthropic(claude)
      .stream(request, { pings: true })
      .toResponse({ format: "sse" })
      .text();
    expect(whole).toContain(": ping\n\n");
    expect(whole).not.toContain('"ping"');
    const lines = await anthropic(claude).stream(request, { pings: true }).toResponse().text();
    expect(lines).toContain('{"type":"ping"}\n');
  });

  it("of a call in one piece do not exist", async () => {
    const provider = scripted({ name: "p", replies: [{ text: "a" }] });
    expect((await provider.chat(request, { pings: true })).text).toBe("a");
  });
});

describe("the cursor of an event", () => {
  const events = [
    { type: "response.created", sequence_number: 0, response: { id: "r", model: "m" } },
    {
      type: "response.output_item.added",
      sequence_number: 1,
      output_index: 0,
      item: { type: "message", id: "i", content: [] },
    },
    {
      type: "response.output_text.delta",
      sequence_number: 4,
      output_index: 0,
      content_index: 0,
      delta: "Hi",
    },
    {
      type: "response.completed",
      sequence_number: 9,
      response: {
        id: "r",
        status: "completed",
        output: [
          { type: "message", id: "i", content: [{ type: "output_text", text: "Hi", annotations: [] }] },
        ],
      },
    },
  ];

  it("is the number of the provider's event", async () => {
    const provider = new CustomProviderBuilder("labs")
      .withBaseUrl("https://labs.example/v1")
      .withDialect("openai-responses")
      .withDefaultChatModel("m")
      .withoutApiKey()
      .withEnvironment({})
      .withTransport(readsOf(...events.map(frame)))
      .buildProvider();
    const seen: [string, number | undefined][] = [];
    for await (const event of provider.stream(request))
      if (event.type !== "finish" && event.type !== "ping" && event.type !== "restart")
        seen.push([event.type, event.cursor]);
    expect(seen).toEqual([
      ["start", 0],
      ["part-start", 4],
      ["text-delta", 4],
      ["part-end", 9],
    ]);
  });
});
