import {
  AiClient,
  AiLibError,
  type ChatProvider,
  circuitBreaker,
  defineChatProvider,
  failover,
  retry,
} from "ai-lib";
import { contextOf, defineStrategy, modelOf } from "ai-lib/kit";
import { type ScriptedReply, scripted, seededRandom, VirtualClock } from "ai-lib/testing";
import { describe, expect, it } from "vitest";
import { canary } from "./canary.js";
import { Remembering } from "./remembering.js";
import { reverseLaws } from "./reverse.js";
import { server } from "./server.js";

const busy: ScriptedReply = { error: { code: "OVERLOADED", message: "busy" } };

async function answers(provider: ChatProvider, count: number): Promise<Record<string, number>> {
  const random = seededRandom(7);
  const counts: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const answer = await new AiClient(provider).chat("x", { random });
    counts[answer.provider] = (counts[answer.provider] ?? 0) + 1;
  }
  return counts;
}

describe("a strategy from outside of the package", () => {
  it("spreads calls by its own rules", async () => {
    const counts = await answers(canary([scripted("old"), scripted("new")], { share: 0.2 }), 500);
    expect(counts["new"]).toBeGreaterThan(70);
    expect(counts["new"]).toBeLessThan(130);
  });

  it("has a name, fails over and records attempts as the built-in ones do", async () => {
    const provider = canary([scripted("old"), scripted({ name: "new", replies: [busy] })], { share: 1 });
    expect(provider.name).toBe("canary[old,new]");
    const answer = await new AiClient(provider).chat("x");
    expect([
      answer.provider,
      answer.attempts.map(({ outcome, target }) => `${target.provider} ${outcome}`),
    ]).toEqual(["old", ["new error", "old success"]]);
  });

  it("learns from the calls of its members", async () => {
    const fresh = scripted({ name: "new", replies: [busy] });
    await answers(canary([scripted("old"), fresh], { share: 1, trust: 2 }), 10);
    expect(fresh.calls).toBe(2);
  });

  it("takes the options of every strategy besides its own, and refuses others", () => {
    const members = [scripted("old"), scripted("new")];
    expect(canary(members, { share: 0.1, name: "mine" }).name).toBe("mine");
    expect(() => canary(members, { share: 2 })).toThrow("share must be from 0 to 1");
    expect(() => canary(members, { share: 0.1, ratio: 2 } as never)).toThrow(
      /Unknown option of canary "ratio"/,
    );
    expect(() => canary([], { share: 0.1 })).toThrow("canary needs at least one member");
  });

  it("nests in wrappers and other strategies, also for kinds without a stream", async () => {
    const embedder = scripted({ name: "vectors", kinds: ["embed"] });
    const stack = failover([retry(circuitBreaker(canary([scripted("old"), embedder], { share: 0 })))]);
    const client = new AiClient(stack);
    expect((await client.embed("x")).provider).toBe("vectors");
    expect(await client.stream("x").response()).toMatchObject({ provider: "old" });
  });

  it("skips members for a reason that is in the attempt log, and may leave some out", async () => {
    const closed = defineStrategy({
      kind: "closed",
      create: () => ({
        order: (_call, members) => members.filter(({ tags }) => !tags.includes("hidden")),
        reasonToSkip: (member) => (member.name === "a" ? "it is closed today" : undefined),
      }),
    });
    const hidden = scripted("hidden");
    const members = [scripted("a"), { provider: hidden, tags: ["hidden"] }, scripted("b")];
    const answer = await new AiClient(closed(members)).chat("x");
    expect([answer.provider, hidden.calls, answer.attempts[0]?.message]).toEqual([
      "b",
      0,
      "it is closed today",
    ]);
  });

  it("is refused where its definition or its order is wrong", async () => {
    expect(() => defineStrategy({} as never)).toThrow("needs a `kind`");
    expect(() => defineStrategy({ kind: "a" } as never)).toThrow("needs a function `create`");
    const empty = defineStrategy({ kind: "a", create: () => ({}) as never });
    expect(() => empty([scripted("x")])).toThrow("a function `order`");
    const twice = defineStrategy({
      kind: "twice",
      create: () => ({ order: (_call, members) => [...members, ...members] }),
    });
    await expect(new AiClient(twice([scripted("x")])).chat("x")).rejects.toMatchObject({
      code: "CONFIG_ERROR",
    });
  });
});

describe("a wrapper from outside of the package", () => {
  const events = async (provider: ChatProvider) => {
    const seen: string[] = [];
    for await (const event of new AiClient(provider).stream("x"))
      seen.push(event.type === "text-delta" ? event.text : event.type);
    return seen;
  };

  it("answers streams from a response that it keeps", async () => {
    const leaf = scripted({ name: "a", replies: [{ text: ["one ", "two"] }] });
    const wrapped = new Remembering(leaf);
    expect(await events(wrapped)).toEqual(["start", "part-start", "one ", "two", "part-end", "finish"]);
    expect(await events(wrapped)).toEqual(["start", "part-start", "one two", "part-end", "finish"]);
    expect(leaf.calls).toBe(1);
    expect((await new AiClient(failover([retry(wrapped)])).chat("x")).text).toBe("one two");
    expect(leaf.calls).toBe(1);
  });

  it("answers other kinds, and keeps no error", async () => {
    const leaf = scripted({ name: "a", kinds: ["embed"], replies: [busy, {}] });
    const client = new AiClient(new Remembering(leaf));
    await expect(client.embed("x")).rejects.toMatchObject({ code: "OVERLOADED" });
    const first = await client.embed("x");
    expect((await client.embed("x")).embeddings).toEqual(first.embeddings);
    expect(leaf.calls).toBe(2);
  });

  it("sends no more once it is aborted, and nothing while it is paused", async () => {
    const { replay } = await import("ai-lib/kit");
    const response = await new AiClient(scripted("a")).chat("x");
    const seen: string[] = [];
    const sink = { event: () => {}, fail: () => {}, finish: () => seen.push("finish") };
    replay(response, sink).abort();
    const flow = replay(response, sink);
    flow.pause();
    await Promise.resolve();
    expect(seen).toEqual([]);
    flow.resume();
    await Promise.resolve();
    expect(seen).toEqual(["finish"]);
  });
});

describe("a kind from outside of the package", () => {
  const reverser = (name: string) =>
    defineChatProvider({
      name,
      kinds: {
        reverse: ({ text }) => ({
          id: "r",
          provider: name,
          model: "m",
          reversed: [...text].reverse().join(""),
          usage: { inputTokens: 1, outputTokens: 1 },
          usageStatus: "final",
          warnings: [],
          attempts: [],
        }),
      },
    });

  it("goes through strategies and wrappers, and past providers that lack it", async () => {
    const stack = new Remembering(failover([scripted("chat"), retry(canary([reverser("r")], { share: 0 }))]));
    const client = new AiClient(stack);
    expect(await client.call(reverseLaws, { text: "abc" })).toMatchObject({ reversed: "cba", provider: "r" });
    expect(await client.call(reverseLaws, { text: "abc" })).toMatchObject({ reversed: "cba" });
    expect([...client.kinds()]).toEqual(["chat", "reverse"]);
  });
});

describe("a server from outside of the package", () => {
  const ask = async (path: string, body: object) => {
    const replies = scripted({ name: "a", kinds: ["chat", "embed"] });
    const answer = await server(failover([replies]));
    return answer(
      new Request(`http://local${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
  };
  const messages = [{ role: "user", content: "x" }];

  it("speaks to the library's own providers, whole and as a stream", async () => {
    const whole = await ask("/v1/chat/completions", { model: "m", messages });
    expect([whole.status, await whole.json()]).toMatchObject([
      200,
      { choices: [{ message: { content: "I am a." } }] },
    ]);
    const stream = await ask("/v1/messages", { model: "m", max_tokens: 9, messages, stream: true });
    expect(await stream.text()).toContain('"text_delta","text":"I am a."');
  });

  it("answers other kinds, and errors in the client's shape", async () => {
    const vectors = await ask("/v1/embeddings", { model: "m", input: ["one", "two"] });
    expect([vectors.status, ((await vectors.json()) as { data: unknown[] }).data.length]).toEqual([200, 2]);
    const wrong = await ask("/v1/embeddings", { model: "m", input: [] });
    expect([wrong.status, await wrong.json()]).toMatchObject([
      400,
      { error: { type: "invalid_request_error" } },
    ]);
  });
});

it("has contexts that a call within a call passes on", async () => {
  const clock = new VirtualClock();
  const context = contextOf({ clock, sessionId: "s" });
  expect([context.clock, context.sessionId, context.attempts]).toEqual([clock, "s", []]);
  const response = await scripted("a").chat({ messages: [{ role: "user", content: "x" }] }, { context });
  expect(response.attempts).toBe(context.attempts);
  expect(() => contextOf({ timeout: 3 } as never)).toThrow(AiLibError);
  expect(modelOf({ request: { model: "auto" } } as never)).toBeUndefined();
});
