import { describe, expect, it } from "vitest";
import { AiClient } from "../client/ai-client.js";
import type { ObserverEvent } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { serverHalves } from "./halves.js";
import { relay } from "./relay.js";
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

  it("tells when to come back in seconds, and that it was tried already", async () => {
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
});
