import { describe, expect, it } from "vitest";
import { memoryTransport } from "../../test/support/memory-transport.js";
import { AiClient } from "../client/ai-client.js";
import type { ObserverEvent } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { TransportRequest } from "../core/contract/transport.js";
import { defineProvider, ProviderFactory } from "../providers/index.js";
import { failover } from "../strategies/failover.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { serverHalves } from "./halves.js";
import { relay } from "./relay.js";
import type { RelayEnd } from "./relay-run.js";
import { serveWeb } from "./web.js";

const halves = await serverHalves(["openai-chat"]);

function ask(provider: ChatProvider, options: Parameters<typeof relay>[2] = {}, body: object = {}) {
  return serveWeb({ halves, handle: (call) => relay(call, provider, options) })(
    new Request("http://server.example/chat/completions", {
      method: "POST",
      body: JSON.stringify({ messages: [{ role: "user", content: "Hi" }], ...body }),
    }),
  );
}

function bodyOf({ body = "" }: TransportRequest): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body as Uint8Array);
}

describe("relay", () => {
  it("keeps the deadline of the call", async () => {
    const clock = new VirtualClock();
    const reply = ask(scripted({ name: "slow", replies: [{ delayMs: 10_000 }] }), {
      clock,
      timeouts: { totalMs: 50 },
    });
    await clock.advance(60);
    expect((await reply).status).toBe(504);
  });

  it("does not blame the client for the server's own key", async () => {
    for (const code of ["AUTH_FAILED", "PERMISSION_DENIED"] as const) {
      const reply = await ask(
        scripted({ name: "up", replies: [{ error: { code, message: "secret key" } }] }),
      );
      expect(reply.status).toBe(502);
      expect(await reply.text()).not.toContain("secret key");
    }
  });

  it("reports when to retry in seconds, and that it was tried already", async () => {
    const clock = new VirtualClock(1_000_000);
    const error = { code: "RATE_LIMIT", message: "slow down", retryAt: 1_002_500 } as const;
    const { status, headers } = await ask(scripted({ name: "up", replies: [{ error }] }), { clock });
    expect([status, headers.get("retry-after"), headers.get("x-should-retry")]).toEqual([429, "3", "false"]);
  });

  it("begins a request of its own for observers", async () => {
    const events: ObserverEvent["type"][] = [];
    await ask(scripted({ name: "up", replies: [{ text: "Hello" }] }), {
      observer: { on: ({ type }) => void events.push(type) },
    });
    expect([events[0], events.at(-1)]).toEqual(["request-start", "request-end"]);
  });

  it("fills in a client's defaults", async () => {
    const events: string[] = [];
    const observer = { on: ({ type }: ObserverEvent) => void events.push(type) };
    const client = new AiClient(scripted({ name: "up", replies: [{ text: "Hello" }] }), {
      model: "house",
      observer,
    });
    expect(await (await ask(client)).json()).toMatchObject({ model: "house" });
    expect(events).toContain("request-start");
  });

  it("refuses to restart in the middle of a stream, which no dialect can", async () => {
    const response = await ask(scripted({ name: "up", replies: [{ text: "Hello" }] }), {
      midStream: "restart",
    });
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining("take back")]);
  });

  /** What only the server may know of the providers behind it. */
  const SECRETS = /10\.1\.2\.3|house-key|billing|failover|raw body/;
  const fails = (code: "PROVIDER_ERROR" | "INVALID_REQUEST", text?: string) => {
    const error = {
      code,
      message: "10.1.2.3:8080 said billing is off",
      body: "raw body",
      headers: { via: "billing" },
    };
    const target = { provider: "p", model: "m", key: "house-key" };
    const replies = [{ error, ...(text === undefined ? {} : { text }) }];
    return failover([scripted({ name: "a", target, replies }), scripted({ name: "b", target, replies })]);
  };

  it("hides the server's details, in every dialect", async () => {
    for (const half of await serverHalves()) {
      const handler = (expose: boolean) =>
        serveWeb({
          halves: [half],
          route: ({ path }) => ({ path, half }),
          handle: (call) =>
            relay({ ...call, mode: "stream" } as typeof call, fails("PROVIDER_ERROR"), { expose }),
        });
      const request = () =>
        new Request(
          `http://server.example${half.id === "gemini" ? "/v1beta/models/m:generateContent" : "/model/m/converse"}`,
          {
            method: "POST",
            body: JSON.stringify({
              model: "m",
              max_tokens: 9,
              messages: [{ role: "user", content: half.id === "bedrock-converse" ? [{ text: "Hi" }] : "Hi" }],
              contents: [{ role: "user", parts: [{ text: "Hi" }] }],
              input: "Hi",
            }),
          },
        );
      const hidden = await handler(false)(request());
      expect([half.id, hidden.status >= 500]).toEqual([half.id, true]);
      expect(`${half.id} ${JSON.stringify([...hidden.headers])} ${await hidden.text()}`).not.toMatch(SECRETS);
      const shown = await handler(true)(request());
      expect(await shown.text()).toMatch(/house-key/);
    }
  });

  it("ends a stream that has begun with an error event that keeps the same", async () => {
    const response = await ask(fails("PROVIDER_ERROR", "Hello"), {}, { stream: true });
    const text = await response.text();
    expect(text).toContain("Hello");
    expect(text).toMatch(/"error":\{"message":"The answer failed with PROVIDER_ERROR"/);
    expect(text).not.toMatch(SECRETS);
  });

  it("reports what is wrong with the client's own request, and nothing about the providers", async () => {
    const provider = failover([
      fails("PROVIDER_ERROR"),
      scripted({
        name: "c",
        replies: [{ error: { code: "INVALID_REQUEST", message: "temperature is too high" } }],
      }),
    ]);
    const text = await (await ask(provider)).text();
    expect(text).toContain("temperature is too high");
    expect(text).not.toMatch(SECRETS);
  });

  it("hides the errors of a handler's own calls, and passes them to onError", async () => {
    const seen: unknown[] = [];
    const handle = async () => {
      await fails("PROVIDER_ERROR").chat({ messages: [{ role: "user", content: "Hi" }] });
    };
    const response = await serveWeb({ halves, handle, onError: (error) => seen.push(error) })(
      new Request("http://server.example/chat/completions", {
        method: "POST",
        body: JSON.stringify({ messages: [{ role: "user", content: "Hi" }] }),
      }),
    );
    expect(await response.text()).not.toMatch(SECRETS);
    expect(String(seen[0])).toContain("house-key");
  });

  it.each([
    ["/v1/embeddings", { model: "m", input: "x" }, { data: [{ index: 0 }] }],
    ["/v2/embed", { model: "m", texts: ["x"] }, { embeddings: { float: [expect.any(Array)] } }],
    ["/v1beta/models/m:embedContent", { content: { parts: [{ text: "x" }] } }, { embedding: {} }],
  ])("answers calls of other kinds: %s", async (path, body, shape) => {
    const halves = await serverHalves();
    const provider = scripted<"embed">({ name: "up", kinds: ["embed"] });
    const listener = serveWeb({ halves, handle: (call) => relay(call, provider) });
    const post = { method: "POST", body: JSON.stringify(body) };
    const response = await listener(new Request(`http://server.example${path}`, post));
    expect(await response.json()).toMatchObject(shape);
    const lacking = serveWeb({ halves, handle: (call) => relay(call, scripted("chats")) });
    expect((await lacking(new Request(`http://server.example${path}`, post))).status).toBeGreaterThan(399);
  });

  it("refuses a request that no provider could answer", async () => {
    const response = await ask(scripted({ name: "up", replies: [{ text: "Hello" }] }), {}, { messages: [] });
    expect(response.status).toBe(400);
  });

  describe("a stream of another dialect", () => {
    const words = ["The ", "quick ", "brown ", "fox"];
    const event = (data: { readonly type: string }) =>
      `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
    const message = { id: "m1", role: "assistant", model: "m", content: [], usage: { input_tokens: 1 } };
    const delta = (text: string) =>
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } } as never);
    const body =
      event({ type: "message_start", message } as never) +
      event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as never) +
      words.map(delta).join("") +
      event({
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { output_tokens: 4 },
      } as never) +
      event({ type: "message_stop" });

    /** The texts of the frames that the client gets, from reads of so many bytes. */
    async function texts(segment: number, options: Parameters<typeof relay>[2] = {}) {
      const bytes = new TextEncoder().encode(body);
      const headers = { "content-type": "text/event-stream" };
      const transport = memoryTransport({ status: 200, headers, body: bytes, segment });
      const provider = ProviderFactory.create("anthropic", { apiKey: "k", model: "m", transport });
      const text = await (await ask(provider, options, { stream: true })).text();
      return [...text.matchAll(/"content":"([^"]+)"/g)].map(([, word]) => word);
    }

    it("has the texts of one read in one frame, from the second text on", async () => {
      expect(await texts(body.length)).toEqual(["The ", "quick brown fox"]);
    });

    it("has each text that comes in a read of its own in a frame of its own", async () => {
      expect(await texts(delta("The ").length)).toEqual(words);
    });

    it("has each text in a frame of its own if an observer counts them", async () => {
      const counted: number[] = [];
      const observer = { on() {}, chunk: (_attempt: unknown, ms: number) => void counted.push(ms) };
      expect(await texts(body.length, { observer })).toEqual(words);
      expect(counted).toHaveLength(words.length - 1);
    });
  });

  describe("of bytes whose usage the server needs", () => {
    const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
    const chunk = (content: string) => ({ id: "c", model: "m", choices: [{ index: 0, delta: { content } }] });
    const last = { id: "c", model: "m", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
    const frame = (data: object | string) =>
      `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
    const texts = [chunk("Hel"), chunk("lo"), last].map(frame).join("");
    const all = texts + frame({ id: "c", model: "m", choices: [], usage }) + frame("[DONE]");

    async function stream(
      provider: { readonly quirks?: object; readonly segment?: number },
      body: object = {},
    ) {
      const sent: Record<string, unknown>[] = [];
      const ends: RelayEnd[] = [];
      const { quirks, segment = all.length } = provider;
      const transport = memoryTransport({
        ...{ status: 200, headers: { "content-type": "text/event-stream" } },
        ...{ body: new TextEncoder().encode(all), segment },
      });
      const up = defineProvider(
        {
          ...{ id: "up", dialect: "openai-chat", baseUrl: "https://up.example/v1", auth: { style: "none" } },
          ...(quirks && { ownDialect: true, quirks }),
        },
        {
          ...{ environment: {}, model: "m" },
          transport: {
            open(request, sink) {
              sent.push(JSON.parse(bodyOf(request)));
              return transport.open(request, sink);
            },
          },
        },
      );
      const reply = await ask(
        up,
        { bytes: true, needsUsage: true, onEnd: (end) => ends.push(end) },
        { model: "a", stream: true, ...body },
      );
      return { text: await reply.text(), sent, usage: ends[0]?.attempts[0]?.usage };
    }

    it.each([1, 7, 100, 10_000])(
      "asks for it, and the client does not get it (%i bytes a read)",
      async (segment) => {
        const { text, sent, usage } = await stream({ segment });
        expect(text).toBe(texts + frame("[DONE]"));
        expect(sent[0]).toEqual({
          ...{ model: "a", stream: true, stream_options: { include_usage: true } },
          messages: [{ role: "user", content: "Hi" }],
        });
        expect(usage).toMatchObject({ inputTokens: 5, outputTokens: 7 });
      },
    );

    it("passes all to a client that asks for it, and adds nothing", async () => {
      const options = { stream_options: { include_usage: true } };
      const { text, sent } = await stream({}, options);
      expect([text, sent[0]]).toMatchObject([all, options]);
    });

    it("adds nothing for a provider that takes no such field", async () => {
      const { text, sent } = await stream({ quirks: { noStreamOptions: true } });
      expect([text, sent[0]?.["stream_options"]]).toEqual([all, undefined]);
    });

    it("translates a request with other options of its stream", async () => {
      const { text, sent, usage } = await stream({}, { stream_options: { include_usage: false } });
      expect(text).not.toContain("prompt_tokens");
      expect(sent[0]).toMatchObject({ stream_options: { include_usage: true } });
      expect(usage).toMatchObject({ inputTokens: 5, outputTokens: 7 });
    });
  });
});
