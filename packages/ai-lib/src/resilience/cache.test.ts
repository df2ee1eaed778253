import { describe, expect, it } from "vitest";
import { errorOf, read, request } from "../../test/support/calls.js";
import { AiClient } from "../client/ai-client.js";
import { AiClientBuilder } from "../client/builder.js";
import type { AnswerFacts } from "../core/values/answer.js";
import { failover } from "../strategies/index.js";
import { type ScriptedReply, scripted } from "../testing/scripted.js";
import { settled, VirtualClock } from "../testing/virtual-clock.js";
import { type CacheOptions, cache } from "./cache.js";
import { type CacheStore, memoryCache } from "./cache-store.js";
import { retry } from "./retry.js";

/** A store that counts, and may be slow, broken or full of something else. */
class Store implements CacheStore {
  readonly texts = new Map<string, string>();
  async get(key: string): Promise<string | undefined> {
    return this.texts.get(key);
  }
  async set(key: string, text: string): Promise<void> {
    this.texts.set(key, text);
  }
}

function setUp(options: CacheOptions = {}, replies?: readonly ScriptedReply[]) {
  const leaf = scripted(replies === undefined ? { name: "a" } : { name: "a", replies });
  const clock = new VirtualClock();
  return { leaf, clock, client: new AiClient(cache(leaf, options), { clock }) };
}

/** What an answer says, without what differs between a first and a second call. */
function withoutCall<T extends AnswerFacts>(answer: T) {
  const { attempts: _attempts, cached: _cached, cost: _cost, headers: _headers, ...rest } = answer;
  return rest;
}

describe("cache", () => {
  it("answers the same request once more, says so, and costs nothing", async () => {
    const { leaf, client } = setUp();
    const first = await client.chat("x");
    const second = await client.chat({ messages: [{ content: "x", role: "user" }] });
    expect(leaf.calls).toBe(1);
    expect(withoutCall(second)).toEqual(withoutCall(first));
    expect([first.cached, second.cached, second.attempts, second.cost]).toEqual([undefined, true, [], 0]);
  });

  it("answers streams and unary calls from one answer, as a stream looks that a provider sent", async () => {
    const pieces = [{ text: ["one ", "two"] }, { text: "other" }];
    const { leaf, client } = setUp({}, pieces);
    const first = await read(client.stream("x"));
    const second = await read(client.stream("x"));
    const third = await client.chat("x");
    expect(leaf.calls).toBe(1);
    expect(second.map(({ type }) => type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "part-end",
      "finish",
    ]);
    expect(second.flatMap((event) => (event.type === "text-delta" ? event.text : []))).toEqual(["one two"]);
    expect(first.at(-1)).toMatchObject({ response: { text: "one two" } });
    expect([second.at(-1), third]).toMatchObject([
      { response: { text: "one two", cached: true } },
      { cached: true },
    ]);
  });

  it("answers other kinds", async () => {
    const leaf = scripted<"embed">({ name: "a", kinds: ["embed"] });
    const client = new AiClient(retry(cache(failover([leaf]))));
    const first = await client.embed(["x", "y"]);
    const second = await client.embed(["x", "y"]);
    expect([leaf.calls, second.embeddings, second.cached]).toEqual([1, first.embeddings, true]);
    expect((await client.embed("y")).cached).toBeUndefined();
  });

  it.each([
    ["another text", { messages: [{ role: "user", content: "y" }] }, {}],
    ["another model", { ...request, model: "other" }, {}],
    ["another setting", { ...request, temperature: 0.1 }, {}],
    ["a vendor's field", { ...request, extensions: { a: JSON.parse('{"__proto__":{"b":1}}') } }, {}],
    ["other headers", request, { headers: { "x-tenant": "b" } }],
    ["strict", request, { strict: true }],
    ["the raw body", request, { includeRaw: true }],
  ] as const)("asks the provider for %s", async (_, other, options) => {
    const { leaf, client } = setUp();
    await client.chat(request);
    await client.chat(other as typeof request, options);
    expect(leaf.calls).toBe(2);
    await client.chat(other as typeof request, options);
    expect(leaf.calls).toBe(2);
  });

  it("distinguishes providers in one store, also by the models of their members", async () => {
    const store = memoryCache();
    const leaf = (model: string) => scripted({ name: "a", target: { provider: "a", model } });
    const providers = [leaf("m"), leaf("n"), failover([leaf("m")]), failover([leaf("n")])];
    for (const provider of providers)
      expect((await new AiClient(cache(provider, { store })).chat("x")).cached).toBeUndefined();
    for (const provider of providers)
      expect((await new AiClient(cache(provider, { store })).chat("x")).cached).toBe(true);
  });

  it("forgets an answer after its time", async () => {
    const { leaf, client, clock } = setUp({ ttlMs: 1_000 });
    await client.chat("x");
    await clock.advance(999);
    expect((await client.chat("x")).cached).toBe(true);
    await clock.advance(1);
    expect((await client.chat("x")).cached).toBeUndefined();
    expect(leaf.calls).toBe(2);
  });

  it.each([
    ["an error", { error: { code: "OVERLOADED", message: "busy" } }],
    ["an answer cut by a limit", { text: "half", finishReason: "length" }],
    ["a filtered answer", { text: "…", finishReason: "content-filter" }],
    ["an answer that ended strangely", { text: "…", finishReason: "other" }],
    ["a stream that was cut", { text: "half", cut: true }],
    [
      "an answer that lost a frame",
      {
        events: [
          { type: "warning", warning: { code: "malformed", message: "a frame was skipped" } },
          { type: "part", index: 0, part: { type: "text", text: "half" } },
        ],
      },
    ],
  ] as const)("never stores %s", async (_, reply) => {
    const { leaf, client } = setUp({}, [reply as ScriptedReply, { text: "whole" }]);
    await client
      .stream("x")
      .response()
      .catch(() => {});
    const second = await client.chat("x");
    expect([second.text, second.cached, leaf.calls]).toEqual(["whole", undefined, 2]);
    expect((await client.chat("x")).cached).toBe(true);
  });

  it("stores nothing of a stream that its reader left", async () => {
    const { client, clock, leaf } = setUp({}, [{ text: ["one", "two"], everyMs: 10 }]);
    for await (const event of client.stream("x")) if (event.type === "text-delta") break;
    await clock.drain();
    const pending = client.chat("x");
    await clock.drain();
    expect([(await pending).cached, leaf.calls]).toEqual([undefined, 2]);
  });

  it("keys calls by the given function, or not at all", async () => {
    const keys: string[] = [];
    const { leaf, client } = setUp({
      key(call, exact) {
        keys.push(exact);
        return call.context.sessionId === undefined ? undefined : `${call.context.sessionId}:${exact}`;
      },
    });
    for (const sessionId of ["a", "b", "a"]) await client.chat("x", { sessionId });
    expect(leaf.calls).toBe(2);
    for (let i = 0; i < 2; i++) await client.chat("x");
    expect(leaf.calls).toBe(4);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it("fails if the key function throws, and sends nothing", async () => {
    const { leaf, client } = setUp({
      key() {
        throw new Error("no tenant");
      },
    });
    expect(await errorOf(client.chat("x"))).toMatchObject({ code: "CONFIG_ERROR", message: "no tenant" });
    expect(leaf.calls).toBe(0);
  });

  it("does not change a stored answer by what a caller does with its own", async () => {
    const { client } = setUp();
    await client.chat("x");
    const second = await client.chat("x");
    (second as { text: string }).text = "changed";
    expect((await client.chat("x")).text).toBe("I am a.");
  });

  it("stores no headers, attempts or limits of the first call", async () => {
    const store = new Store();
    const { client } = setUp({ store });
    await client.chat("x");
    await settled();
    const [text] = [...store.texts.values()];
    expect(Object.keys(JSON.parse(text ?? "{}").response)).toEqual(expect.arrayContaining(["text", "usage"]));
    expect(text).not.toMatch(/"(headers|attempts|rateLimits|cost)":/);
  });
});

describe("the store of a cache", () => {
  it("may be asynchronous, and is not waited for too long", async () => {
    const store = new Store();
    const { client, clock, leaf } = setUp({ store, lookupMs: 50 });
    await client.chat("x");
    await settled();
    expect((await client.chat("x")).cached).toBe(true);
    store.get = () => new Promise(() => {});
    const pending = client.chat("x");
    await clock.advance(50);
    expect([(await pending).cached, leaf.calls]).toEqual([undefined, 2]);
  });

  it.each(["rejects", "throws"] as const)("fails no call where it %s", async (how) => {
    const errors: unknown[] = [];
    const broken = () => {
      if (how === "throws") throw new Error("store");
      return Promise.reject(new Error("store"));
    };
    const { client } = setUp({
      store: { get: broken, set: broken },
      onError(error) {
        errors.push(error);
        throw error;
      },
    });
    expect((await client.chat("x")).text).toBe("I am a.");
    await settled();
    expect(errors.map(String)).toEqual(["Error: store", "Error: store"]);
  });

  it.each([
    ["no JSON", () => "{"],
    ["no object", () => "3"],
    ["another form", (text: string) => text.replace('"form":1', '"form":2')],
    ["another kind", (text: string) => text.replace('"kind":"chat"', '"kind":"embed"')],
    ["no response", (text: string) => text.replace('"response":', '"other":')],
    ["a response without content", (text: string) => text.replace('"content":', '"other":')],
  ])("is ignored if its text is %s", async (_, change) => {
    const store = new Store();
    const { client, leaf } = setUp({ store });
    await client.stream("x").response();
    await settled();
    for (const [key, text] of store.texts) store.texts.set(key, change(text));
    expect(await client.stream("x").response()).toMatchObject({ text: "I am a." });
    expect(leaf.calls).toBe(2);
  });

  it("sends nothing after an abort during the lookup", async () => {
    const store = new Store();
    const { client, leaf, clock } = setUp({ store });
    const controller = new AbortController();
    store.get = () => new Promise(() => {});
    const pending = errorOf(client.chat("x", { signal: controller.signal }));
    controller.abort();
    await clock.drain();
    expect([(await pending).code, leaf.calls]).toEqual(["CANCELLED", 0]);
  });

  it("is bounded in memory by entries and bytes, the longest unused going first", () => {
    const few = memoryCache({ maxEntries: 2 });
    for (const key of ["a", "b"]) few.set(key, key, 1);
    few.get("a");
    few.set("c", "c", 1);
    expect(["a", "b", "c"].map((key) => few.get(key))).toEqual(["a", undefined, "c"]);
    const small = memoryCache({ maxBytes: 100 });
    for (const key of ["a", "b", "c"]) small.set(key, "x".repeat(20), 1);
    expect(["a", "b", "c"].map((key) => small.get(key) !== undefined)).toEqual([false, true, true]);
    small.set("b", "x".repeat(1_000), 1);
    expect(["b", "c"].map((key) => small.get(key) !== undefined)).toEqual([false, true]);
    for (let i = 0; i < 1_000; i++) small.set("c", "x", 1);
    small.set("d", "x".repeat(40), 1);
    expect(["c", "d"].map((key) => small.get(key) !== undefined)).toEqual([true, true]);
  });
});

describe("the options of a cache", () => {
  it.each([
    [{ ttl: 1 }, 'Unknown option of cache "ttl"'],
    [{ ttlMs: 0 }, "ttlMs of cache must be more than 0"],
    [{ ttlMs: Number.NaN }, "ttlMs must be 0 or more"],
    [{ lookupMs: -1 }, "lookupMs must be 0 or more"],
    [{ store: new Map() as never, key: "x" }, "`key` of cache must be a function"],
    [{ store: {} }, "`store` of cache must be an object with the methods get and set"],
  ])("are checked: %j", (options, message) => {
    expect(() => cache(scripted("a"), options as never)).toThrow(message);
    expect(() => memoryCache({ maxEntries: 0 })).toThrow("maxEntries must be 1 or more");
    expect(() => memoryCache({ size: 3 } as never)).toThrow('Unknown option of memoryCache "size"');
  });

  it("are the builder's: the cache is around the strategy", async () => {
    const [a, b] = [
      scripted({ name: "a", replies: [{ error: { code: "OVERLOADED", message: "no" } }] }),
      scripted("b"),
    ];
    const client = new AiClientBuilder(a).withFailoverChain([b]).withCache({ ttlMs: 5_000 }).build();
    expect(client.provider.name).toBe("cache(failover[a->b])");
    await client.chat("x");
    expect(await client.chat("x")).toMatchObject({ cached: true, provider: "b" });
    expect([a.calls, b.calls]).toEqual([1, 1]);
  });
});
