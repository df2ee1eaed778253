import { describe, expect, it } from "vitest";
import { callOf } from "../src/core/contract/call.js";
import type { Observer } from "../src/core/contract/observer.js";
import type { KindLaws } from "../src/core/kinds/laws.js";
import { moderateLaws } from "../src/core/kinds/moderate.js";
import { TEXT_ONLY } from "../src/core/kinds/requirements.js";
import { cosineSimilarity } from "../src/core/kinds/similarity.js";
import { Wrapper } from "../src/core/run/compose.js";
import { openMember } from "../src/core/run/member.js";
import type { AnswerFacts } from "../src/core/values/answer.js";
import {
  AiClient,
  consecutiveFailures,
  defineChatProvider,
  failover,
  observers,
  retry,
} from "../src/index.js";
import { prometheusObserver } from "../src/observe/prometheus.js";
import { circuitBreaker, concurrencyLimit, rateLimit, timeout } from "../src/resilience/index.js";
import { hedged, leastBusy, leastLatency, roundRobin, sticky, weighted } from "../src/strategies/index.js";
import { type ScriptedReply, scripted } from "../src/testing/scripted.js";
import { runCampaign } from "../src/testing/simulation/campaign.js";
import { SIMULATED_CALLS, type SimulatedUnaryKind } from "../src/testing/simulation/kinds.js";
import { VirtualClock } from "../src/testing/virtual-clock.js";
import { errorOf, read, request } from "./support/calls.js";

interface TranslateRequest {
  readonly model?: string | undefined;
  readonly text: string;
}
interface TranslateResponse extends AnswerFacts {
  readonly translation: string;
}

declare module "../src/core/values/kinds.js" {
  interface Kinds {
    translate: { request: TranslateRequest; response: TranslateResponse; event: never };
  }
}

/** A kind that this library does not know. */
const translateLaws: KindLaws<"translate"> = {
  kind: "translate",
  idempotent: true,
  validate() {},
  estimate: ({ text }) => ({ inputTokens: text.length, outputTokens: text.length }),
  requirements: () => TEXT_ONLY,
  isContent: () => false,
  accumulate: () => {
    throw new TypeError("Translations do not stream");
  },
  respond: (reply) => reply,
  warningsOf: () => [],
  replay: () => [],
};

const translator = (name: string, translation: string) =>
  defineChatProvider({
    name,
    kinds: {
      translate: ({ text }) => ({
        id: "t1",
        provider: name,
        model: "m",
        translation: `${translation} ${text}`,
        usage: { inputTokens: 1, outputTokens: 1 },
        usageStatus: "final",
        warnings: [],
        attempts: [],
      }),
    },
  });

const embedder = (name: string, error?: "OVERLOADED" | "PROVIDER_ERROR") =>
  scripted<"embed">({
    name,
    kinds: ["embed"],
    replies: error === undefined ? [{}] : [{ error: { code: error, message: "no" } }],
  });

/** What vendors bill besides tokens, one dollar each. */
function unitOf(kind: string): Readonly<Record<string, number>> {
  const units: Readonly<Record<string, string>> = {
    rerank: "searches",
    transcribe: "seconds",
    speak: "characters",
    image: "images",
    ocr: "pages",
  };
  const unit = units[kind];
  return unit === undefined ? {} : { [unit]: 1 };
}

describe("a call of another kind than chat", () => {
  const stacks = {
    failover: (a: AiClient["provider"], b: AiClient["provider"]) => failover([a, b]),
    roundRobin: (a: AiClient["provider"], b: AiClient["provider"]) => roundRobin([a, b]),
    weighted: (a: AiClient["provider"], b: AiClient["provider"]) => weighted([a, b]),
    leastBusy: (a: AiClient["provider"], b: AiClient["provider"]) => leastBusy([a, b]),
    leastLatency: (a: AiClient["provider"], b: AiClient["provider"]) => leastLatency([a, b]),
    sticky: (a: AiClient["provider"], b: AiClient["provider"]) => sticky([a, b]),
    hedged: (a: AiClient["provider"], b: AiClient["provider"]) => hedged([a, b], { afterMs: 10 }),
    wrapped: (a: AiClient["provider"], b: AiClient["provider"]) =>
      failover(
        [a, b].map((one) =>
          retry(
            circuitBreaker(
              rateLimit(concurrencyLimit(timeout(one, { totalMs: 90_000 }), { limit: 2 }), {
                requestsPerMinute: 99,
              }),
            ),
          ),
        ),
      ),
  };
  it.each(Object.entries(stacks))("goes through %s, past a member that fails", async (_, stack) => {
    const [bad, good] = [embedder("bad", "PROVIDER_ERROR"), embedder("good")];
    const client = new AiClient(stack(bad, good));
    const clock = new VirtualClock();
    const pending = client.embed(["one", "two"], { clock });
    await clock.advance(60_000);
    const response = await pending;
    expect(response).toMatchObject({ provider: "good", dimensions: 8, usage: { inputTokens: 2 } });
    expect(response.embeddings).toHaveLength(2);
    expect(response.attempts.at(-1)).toMatchObject({ outcome: "success", target: { provider: "good" } });
    expect([...client.kinds()]).toEqual(["embed"]);
  });

  it("goes through a whole stack for a kind that the layers were not written for", async () => {
    const moderator = (name: string, replies: readonly ScriptedReply[]) =>
      scripted<"moderate">({ name, kinds: ["moderate"], replies });
    const bad = moderator("bad", [{ error: { code: "PROVIDER_ERROR", message: "no" } }]);
    const client = new AiClient(stacks.wrapped(bad, moderator("good", [{}])));
    const clock = new VirtualClock();
    const pending = client.call(moderateLaws, { inputs: ["one", "two"] }, { clock });
    await clock.advance(60_000);
    const { provider, flagged, verdicts, attempts } = await pending;
    expect([provider, flagged, verdicts.length]).toEqual(["good", false, 2]);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["error", "success"]);
  });

  const asked = {
    embed: { inputs: ["one"] },
    rerank: { query: "one", documents: ["one", "two"] },
    moderate: { inputs: ["one"] },
    countTokens: { messages: [{ role: "user", content: "one" }] },
    transcribe: { audio: { data: "AAAA", mediaType: "audio/wav" } },
    speak: { text: "one" },
    image: { prompt: "one" },
    ocr: { document: { url: "https://example.com/a.pdf" } },
    decide: { input: "one", questions: [{ type: "boolean", name: "a", instructions: "It is one" }] },
  } as const;
  const rows = Object.keys(asked).flatMap((kind) => Object.keys(stacks).map((name) => ({ kind, name })));
  it.each(rows)("$kind goes through $name", async ({ kind, name }) => {
    const one = (id: string, replies: readonly ScriptedReply[]) =>
      scripted({ name: id, kinds: [kind], replies } as Parameters<typeof scripted>[0]);
    const bad = one("bad", [{ error: { code: "PROVIDER_ERROR", message: "no" } }]);
    const client = new AiClient(stacks[name as keyof typeof stacks](bad, one("good", [{}])));
    const clock = new VirtualClock();
    const ask = client[kind as keyof typeof asked] as (
      request: unknown,
      options: unknown,
    ) => Promise<AnswerFacts>;
    const pending = ask.call(client, asked[kind as keyof typeof asked], { clock });
    for (let i = 0; i < 3; i++) await clock.advance(60_000);
    const { provider, attempts } = await pending;
    expect(provider).toBe("good");
    expect(attempts.at(-1)?.outcome).toBe("success");
  });

  const kinds = Object.keys(asked) as (keyof typeof asked)[];
  const ask = (client: AiClient, kind: keyof typeof asked, options: object = {}) => {
    const method = client[kind] as (request: unknown, options: unknown) => Promise<AnswerFacts>;
    return method.call(client, asked[kind], options);
  };
  const oneOf = (id: string, kind: string, replies: readonly ScriptedReply[], facts = {}) =>
    scripted({ name: id, kinds: [kind], replies, facts } as Parameters<typeof scripted>[0]);
  const broken: ScriptedReply = { error: { code: "PROVIDER_ERROR", message: "no" } };

  it.each(kinds)("a breaker opens for %s, and the next call goes past its target", async (kind) => {
    const clock = new VirtualClock();
    const bad = oneOf("bad", kind, [broken, broken, broken]);
    const guarded = circuitBreaker(bad, { rules: [consecutiveFailures(2)] });
    const client = new AiClient(failover([guarded, oneOf("good", kind, [{}, {}, {}])]));
    for (let i = 0; i < 3; i++) {
      const pending = ask(client, kind, { clock });
      await clock.advance(60);
      expect((await pending).provider).toBe("good");
    }
    expect(bad.calls).toBe(2);
  });

  it.each(kinds)("a second provider is asked for %s only if that does no harm", async (kind) => {
    const clock = new VirtualClock();
    const slow = oneOf("slow", kind, [{ delayMs: 5_000 }]);
    const quick = oneOf("quick", kind, [{}]);
    const pending = ask(new AiClient(hedged([slow, quick], { afterMs: 100 })), kind, { clock });
    for (let i = 0; i < 60; i++) await clock.advance(100);
    const { provider } = await pending;
    const idempotent = kind !== "speak" && kind !== "image";
    expect([provider, quick.calls]).toEqual(idempotent ? ["quick", 1] : ["slow", 0]);
  });

  it.each(kinds)("limits hold for %s", async (kind) => {
    const clock = new VirtualClock();
    const one = oneOf("one", kind, [{}, {}, {}]);
    const client = new AiClient(rateLimit(concurrencyLimit(one, { limit: 1 }), { requestsPerMinute: 2 }));
    const pending = [0, 1, 2].map(() => ask(client, kind, { clock }));
    await clock.advance(10);
    expect(one.calls).toBeLessThanOrEqual(2);
    for (let i = 0; i < 8; i++) await clock.advance(10_000);
    expect((await Promise.all(pending)).map(({ provider }) => provider)).toEqual(["one", "one", "one"]);
  });

  it.each(kinds)("%s is counted, traced and priced by its kind", async (kind) => {
    const prometheus = prometheusObserver();
    const seen: string[] = [];
    const trace: Observer = { on: (event) => "kind" in event && seen.push(event.kind) };
    const price = { input: 1, output: 1, units: unitOf(kind), request: 0.5 };
    const one = oneOf("one", kind, [{}], { price });
    const { cost, usage } = await ask(new AiClient(one, { observer: observers([prometheus, trace]) }), kind);
    expect(new Set(seen)).toEqual(new Set([kind]));
    expect(prometheus.metrics()).toContain(`ai_lib_requests_total{provider="one",kind="${kind}"`);
    expect(cost).toBeGreaterThan(0.5 - 1e-9);
    for (const unit of Object.keys(unitOf(kind))) {
      const count = usage.units?.[unit as keyof typeof usage.units] ?? 0;
      expect(count).toBeGreaterThan(0);
      expect(cost).toBeCloseTo(0.5 + count + (usage.inputTokens + usage.outputTokens) / 1e6, 9);
    }
  });

  it("skips members that lack the kind, and fails locally if every member does", async () => {
    const [chat, embed] = [scripted("chat"), embedder("embed")];
    expect((await failover([chat, embed]).embed({ inputs: ["x"] })).provider).toBe("embed");
    expect(chat.calls).toBe(0);
    expect(await errorOf(new AiClient(chat).embed("x"))).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      local: true,
      message: '"chat" does not answer calls of the kind "embed"; it answers: chat',
    });
    expect(await errorOf(new AiClient(embed).chat("x"))).toMatchObject({ code: "UNSUPPORTED_FEATURE" });
  });

  it("is priced, estimated and observed by its kind", async () => {
    const seen: string[] = [];
    const observer: Observer = {
      on: (event) => seen.push(`${event.type} ${"kind" in event ? event.kind : ""}`),
    };
    const provider = scripted<"embed">({
      name: "p",
      kinds: ["embed"],
      facts: { price: { input: 2, output: 0 } },
      replies: [{ reply: { embeddings: [[1, 2]], usage: { inputTokens: 500_000, outputTokens: 0 } } }],
    });
    const response = await new AiClient(provider, { observer, model: "chat-model" }).embed("x");
    expect(response).toMatchObject({ cost: 1, dimensions: 2, usageStatus: "final" });
    expect(provider.requests[0]?.model).toBeUndefined();
    expect(seen).toEqual([
      "request-start embed",
      "attempt-start embed",
      "first-content embed",
      "attempt-end embed",
      "request-end embed",
    ]);
  });

  it.each([
    [{ inputs: [] }, "`inputs` is empty"],
    [{ inputs: ["a", ""] }, "`inputs.1` is an empty text"],
    [{ inputs: ["a"], purpose: "search" }, "`purpose` must be one of query"],
    [{ inputs: ["a"], dimensions: 0 }, "`dimensions` must be a whole number"],
    [{ input: "a" }, 'Unknown request field "input"'],
  ])("is refused before it is sent: %j", async (bad, message) => {
    const provider = embedder("p");
    const error = await errorOf(provider.embed(bad as never));
    expect(error).toMatchObject({ code: "INVALID_REQUEST", local: true });
    expect(error.message).toContain(message);
    expect(provider.calls).toBe(0);
  });
});

describe("a request that no vendor could answer", () => {
  const refused: readonly (readonly [string, object, string])[] = [
    ["embed", { inputs: [] }, "`inputs` is empty: give at least one text"],
    ["rerank", { query: "a", documents: [] }, "`documents` is empty: give at least one text"],
    ["moderate", { inputs: [] }, "`inputs` is empty"],
    ["transcribe", { audio: { data: "iVBORw0KGgo=", mediaType: "image/png" } }, "is no sound but image/png"],
    ["transcribe", { audio: { data: "" } }, "`audio.data` is empty"],
    ["speak", { text: "" }, "`text` must be a text that is not empty"],
    ["speak", { text: "a", format: "ogg" }, "`format` must be one of mp3"],
    ["image", { prompt: "a", size: "huge" }, 'such as "1024x1024", not "huge"'],
    ["image", { prompt: "a", aspectRatio: "wide" }, 'such as "16:9", not "wide"'],
    ["ocr", { document: { data: "JVBERg==" } }, "`document.mediaType` is missing"],
    ["ocr", { document: { url: "https://example.com/a.pdf" }, pages: [-1] }, "counted from 0"],
    ["decide", { input: "a", questions: [] }, "`questions` is empty: ask at least one"],
    [
      "decide",
      { input: "a", questions: [{ type: "choice", name: "a", instructions: "b", options: ["one"] }] },
      "needs at least two entries",
    ],
  ];
  it.each(refused)("is refused before it is sent, and says what to do: %s %j", async (kind, bad, message) => {
    const provider = scripted({ name: "p", kinds: [kind] } as Parameters<typeof scripted>[0]);
    const method = provider[kind as "embed"] as (request: object) => Promise<unknown>;
    const error = await errorOf(method.call(provider, bad));
    expect(error).toMatchObject({ code: "INVALID_REQUEST", local: true });
    expect(error.message).toContain(message);
    expect(provider.calls).toBe(0);
  });

  it("cannot compare vectors of different models", () => {
    expect(() => cosineSimilarity([1, 2], [1, 2, 3])).toThrow("embed both with one model");
  });
});

describe("a kind of your own", () => {
  it("needs no registry: its laws travel with the call, through strategies and wrappers", async () => {
    const client = new AiClient(failover([scripted("chat"), translator("t", "olá")]));
    const response = await client.call(translateLaws, { text: "world" });
    expect(response).toMatchObject({ translation: "olá world", provider: "t" });
  });
});

describe("a whole response without events", () => {
  class Cached extends Wrapper {
    open: Wrapper["open"] = (call, sink) => {
      const inner = callOf(call.laws as never, call.request as never, "unary", call.context);
      return openMember(this.inner, inner, sink);
    };
  }
  it("reads as a stream that cannot be distinguished from one that was sent in pieces", async () => {
    const cached = new Cached("cached", scripted({ name: "p", replies: [{ text: ["Hello, ", "you"] }] }));
    const events = await read(cached.stream(request));
    expect(events.map(({ type }) => type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "part-end",
      "finish",
    ]);
    let text = "";
    for await (const piece of cached.stream(request).text) text += piece;
    expect(text).toBe("Hello, you");
  });
});

it.each(Object.keys(SIMULATED_CALLS) as SimulatedUnaryKind[])(
  "calls of the kind %s break no rule of the fault simulation",
  async (kind) => {
    const { seeds, failures } = await runCampaign({ seeds: 25, kind });
    expect([seeds, failures]).toEqual([25, []]);
  },
);
