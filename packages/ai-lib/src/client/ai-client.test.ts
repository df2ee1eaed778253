import { describe, expect, it } from "vitest";
import { errorOf, request } from "../../test/support/calls.js";
import type { Call } from "../core/contract/call.js";
import type { ObserverEvent } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import { failover } from "../strategies/failover.js";
import { scripted } from "../testing/scripted.js";
import { AiClient } from "./ai-client.js";

/** A leaf, and the calls as they reached it. */
function watched() {
  const calls: Call[] = [];
  const provider = scripted({
    name: "p",
    replies: (_, call) => {
      calls.push(call);
      return {};
    },
  });
  return { provider, calls };
}

describe("a client", () => {
  it("accepts a text as one user message", async () => {
    const { provider } = watched();
    const client = new AiClient(provider);
    await client.chat("Hi");
    await client.stream("Ho").response();
    expect(provider.requests.map(({ messages }) => messages)).toEqual([
      [{ role: "user", content: "Hi" }],
      [{ role: "user", content: "Ho" }],
    ]);
  });

  it.each([undefined, null, 5, {}, { messages: [] }, { messages: "Hi" }])(
    "rejects %j as a request, and asks no provider",
    async (input) => {
      const { provider } = watched();
      expect(await errorOf(new AiClient(provider).chat(input as ChatRequest))).toMatchObject({
        code: "INVALID_REQUEST",
      });
      expect(provider.calls).toBe(0);
    },
  );

  it.each([
    [undefined, "own"],
    ["", "own"],
    ["auto", "own"],
    ["named", "named"],
  ])("asks for its default model if the request says %j", async (model, asked) => {
    const { provider } = watched();
    await new AiClient(provider, { model: "own" }).chat({ ...request, model });
    expect(provider.requests[0]?.model).toBe(asked);
  });

  it("is a provider that can be part of another stack", async () => {
    const inner = new AiClient(
      scripted({ name: "a", replies: [{ error: { code: "OVERLOADED", message: "no" } }] }),
    );
    const outer = new AiClient(failover([inner, new AiClient(scripted("b"))]));
    const response = await outer.chat("Hi");
    expect(response.provider).toBe("b");
    expect(response.attempts.map(({ outcome }) => outcome)).toEqual(["error", "success"]);
  });

  it("refuses a default that does not exist", () => {
    expect(() => new AiClient(scripted("p"), { retries: 3 } as never)).toThrow(
      /Unknown client default "retries"/,
    );
  });
});

describe("the defaults of a client", () => {
  it("apply unless the call overrides them, each timeout and header separately", async () => {
    const { provider, calls } = watched();
    const client = new AiClient(provider, {
      strict: true,
      maxAttempts: 3,
      timeouts: { idleMs: 1, attemptMs: 2 },
      headers: { a: "1", b: "2" },
    });
    await client.chat("Hi", { maxAttempts: 2, timeouts: { attemptMs: 7 }, headers: { b: "3" } });
    const context = calls[0]?.context;
    expect(context).toMatchObject({
      strict: true,
      budget: { left: 1 },
      timeouts: { idleMs: 1, attemptMs: 7 },
      headers: { a: "1", b: "3" },
    });
  });

  it("are overridden by an explicit false and 0, but not by undefined", async () => {
    const { provider, calls } = watched();
    const client = new AiClient(provider, {
      strict: true,
      maxAttempts: 3,
      midStream: "restart",
      timeouts: { idleMs: 5 },
      headers: { a: "1" },
    });
    await client.chat("Hi", {
      strict: undefined,
      maxAttempts: undefined,
      midStream: undefined,
      timeouts: { idleMs: undefined },
      headers: undefined,
    });
    expect(calls[0]?.context).toMatchObject({
      strict: true,
      budget: { left: 2 },
      midStream: "restart",
      timeouts: { idleMs: 5 },
      headers: { a: "1" },
    });
    await client.chat("Hi", { strict: false, timeouts: { idleMs: 0 } });
    expect(calls[1]?.context).toMatchObject({ strict: false, timeouts: { idleMs: 0 } });
  });

  it("reach a provider that answers batches itself, the model too", async () => {
    const given: { requests?: readonly ChatRequest[]; strict?: boolean | undefined } = {};
    const provider: ChatProvider = Object.assign(scripted("p"), {
      batch(requests: readonly ChatRequest[], options?: { strict?: boolean | undefined }) {
        given.requests = requests;
        given.strict = options?.strict;
        return Promise.resolve([]);
      },
    });
    await new AiClient(provider, { model: "own", strict: true }).batch(["a", { ...request, model: "b" }]);
    expect(given.requests?.map(({ model }) => model)).toEqual(["own", "b"]);
    expect(given.strict).toBe(true);
  });

  it("do not apply to a call that is part of another", async () => {
    const { provider, calls } = watched();
    const inner = new AiClient(provider, { strict: true });
    await new AiClient(inner).chat("Hi");
    expect(calls[0]?.context.strict).toBe(false);
  });

  it("observe every call once", async () => {
    const events: ObserverEvent[] = [];
    const client = new AiClient(failover([scripted("a")]), {
      observer: { on: (event) => events.push(event) },
    });
    await client.chat("Hi");
    expect(events.map(({ type }) => type)).toEqual([
      "request-start",
      "attempt-start",
      "first-content",
      "attempt-end",
      "request-end",
    ]);
  });
});

describe("a model looked up", () => {
  const listing = (name: string, ids: string[]): ChatProvider =>
    Object.assign(scripted(name), {
      listModels: () => Promise.resolve(ids.map((id) => ({ id, provider: name }))),
    });

  it("is among those of a kind if the list or the provider says so", async () => {
    const models = [
      { id: "big", provider: "a", kinds: ["chat"] },
      { id: "vectors", provider: "a", kinds: ["embed"] },
      { id: "unknown", provider: "a" },
    ];
    const client = new AiClient(
      Object.assign(scripted("a"), { listModels: () => Promise.resolve(models) }) as ChatProvider,
    );
    expect((await client.listModels({ kind: "embed" })).map(({ id }) => id)).toEqual(["vectors"]);
    expect(await client.listModels()).toEqual(models);
  });

  it("is found in the list, else the error names the nearest ones", async () => {
    const client = new AiClient(
      failover([listing("a", ["gpt-4o", "gpt-4o-mini"]), listing("b", ["claude"])]),
    );
    expect(await client.getModelInfo("claude")).toMatchObject({ id: "claude", provider: "b" });
    expect(await errorOf(client.getModelInfo("gtp-4o"))).toMatchObject({
      code: "MODEL_NOT_FOUND",
      message: expect.stringContaining("did you mean gpt-4o"),
    });
    expect((await errorOf(client.getModelInfo("something-else-altogether"))).message).not.toContain(
      "did you mean",
    );
  });
});
