import { describe, expect, it } from "vitest";
import type { Call } from "../src/core/contract/call.js";
import type { Observer } from "../src/core/contract/observer.js";
import type { ChatProvider } from "../src/core/contract/provider.js";
import type { Flow, Sink } from "../src/core/contract/sink.js";
import type { TransportSink } from "../src/core/contract/transport.js";
import { AiLibError } from "../src/core/errors/error.js";
import {
  AiClient,
  cache,
  circuitBreaker,
  concurrencyLimit,
  conditional,
  defineChatProvider,
  defineProvider,
  failover,
  hedged,
  leastBusy,
  RetryBudget,
  rateLimit,
  retry,
  sticky,
  tagged,
  timeout,
} from "../src/index.js";
import { CallInterceptor, defineStrategy, openMember, Wrapper } from "../src/kit/index.js";
import { settled } from "../src/testing/virtual-clock.js";

/*
 * Every place in which the library runs code of the user, with code that throws, rejects, never settles, answers with
 * nonsense or calls back twice. Each call must end once, with an answer or an AiLibError, and nothing may reach the
 * process: vitest fails the run for an uncaught exception or an unhandled rejection.
 */

/** A function that does not do what it should. */
type Bad = (...given: any[]) => any;

const WAYS: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw new Error("the user's own");
  },
  rejects: () => Promise.reject(new Error("the user's own")),
  "never settles": () => new Promise(() => {}),
  "returns a thenable that throws": () => ({
    // biome-ignore lint/suspicious/noThenProperty: what users' own promises can do
    then() {
      throw new Error("the user's own");
    },
  }),
  "returns nothing": () => undefined,
  "returns nonsense": () => ({ toString: 1, usage: "none", content: 5, every: 1 }),
  "throws nothing": () => {
    throw undefined;
  },
};

const request = { messages: [{ role: "user" as const, content: "x" }] };
const LIMITS = { totalMs: 60, firstContentMs: 30, answerMs: 30, idleMs: 30, stallMs: 30, streamMs: 60 };
const idle: Flow = { pause() {}, resume() {}, abort: () => undefined };

const good = defineChatProvider({ name: "good", model: "m", chat: () => "fine" });
const down = defineChatProvider({
  name: "down",
  chat: () => {
    throw new Error("down");
  },
});

/** Every wrapper and strategy around a provider. */
const AROUND: Readonly<Record<string, (inner: ChatProvider) => ChatProvider>> = {
  bare: (inner) => inner,
  retry: (inner) => retry(inner, { baseMs: 1 }),
  failover: (inner) => failover([inner, down]),
  hedged: (inner) => hedged([inner, down], { afterMs: 1 }),
  leastBusy: (inner) => leastBusy([inner]),
  sticky: (inner) => sticky([inner]),
  circuitBreaker: (inner) => circuitBreaker(inner),
  rateLimit: (inner) => rateLimit(inner, { tokensPerMinute: 100_000 }),
  concurrencyLimit: (inner) => concurrencyLimit(inner, { limit: 1 }),
  timeout: (inner) => timeout(inner, LIMITS),
  cache: (inner) => cache(inner),
  budget: (inner) => retry(inner, { baseMs: 1, budget: new RetryBudget() }),
};

/** Providers with one wrong function each. */
const PROVIDERS: Readonly<Record<string, (bad: Bad) => ChatProvider>> = {
  "a chat function": (chat) => defineChatProvider({ name: "own", chat }),
  "a stream function": (stream) => defineChatProvider({ name: "own", stream }),
  "a generator": (bad) =>
    defineChatProvider({
      name: "own",
      async *stream() {
        yield "a";
        await bad();
        yield "b";
      },
    }),
  "a generator's clean-up": (bad) =>
    defineChatProvider({
      name: "own",
      async *stream() {
        try {
          yield "a";
          throw new Error("over");
        } finally {
          await bad();
        }
      },
    }),
  "an iterator's next": (next) =>
    defineChatProvider({ name: "own", stream: () => ({ [Symbol.asyncIterator]: () => ({ next }) }) }),
  "an iterator's return": (bad) =>
    defineChatProvider({
      name: "own",
      stream: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise((done) => setTimeout(() => done({ done: false, value: "a" }), 1)),
          return: bad,
        }),
      }),
    }),
  "an open function": (open) => defineChatProvider({ name: "own", open }),
  ...Object.fromEntries(
    (["pause", "resume", "abort"] as const).map((method) => [
      `a flow's ${method}`,
      (bad: Bad) =>
        defineChatProvider({
          name: "own",
          open(_call, sink) {
            queueMicrotask(() => {
              for (let i = 0; i < 300; i++)
                sink.event({ type: "part", index: i, part: { type: "text", text: "a" } });
            });
            return { ...idle, [method]: bad };
          },
        }),
    ]),
  ),
  "facts, which the timers ask": (facts) =>
    defineChatProvider({ name: "own", facts, chat: () => new Promise(() => {}) }),
  "an object that is no class of the library": (bad) =>
    ({ name: "own", chat: bad, stream: bad }) as unknown as ChatProvider,
  "a composition of the user's own": (bad) =>
    ({ name: "own", members: [good], chat: bad, stream: bad, open: bad }) as unknown as ChatProvider,
  "a transport's open": (open) => endpoint({ open }),
  ...Object.fromEntries(
    (["pause", "resume", "abort"] as const).map((method) => [
      `a transport's ${method}`,
      (bad: Bad) =>
        endpoint({
          open(_request: unknown, sink: TransportSink) {
            queueMicrotask(() => {
              sink.head(200, { "content-type": "text/event-stream" });
              for (let i = 0; i < 300; i++) sink.data(new TextEncoder().encode(chunk("a")));
            });
            return { ...idle, [method]: bad };
          },
        }),
    ]),
  ),
  "a token source": (apiKey) => endpoint(answering, { apiKey }),
  "a price of a provider": (bad) => endpoint(answering, { prices: { price: bad, cost: bad } }),
  "a breaker's rule, at each of its methods": (bad) =>
    circuitBreaker(failover([down, good]), {
      rules: [() => ({ success: bad, failure: bad, tripped: bad, reset: bad })],
    }),
  "a breaker's factory of rules": (bad) => circuitBreaker(good, { rules: [bad] }),
  "a condition": (when) => conditional([{ provider: good, when }]),
  "wanted tags": (want) => tagged([good], { want }),
  "a choice of models": (model) => failover([{ provider: down, model }, good]),
  "a cache's store": (bad) => cache(good, { store: { get: bad, set: bad } }),
  "a cache's key": (key) => cache(good, { key }),
  "a strategy's order": (order) => defineStrategy({ kind: "own", create: () => ({ order }) })([good]),
  "a strategy's reason to skip": (reasonToSkip) =>
    defineStrategy({ kind: "own", create: () => ({ order: (_call, members) => members, reasonToSkip }) })([
      good,
    ]),
  "a strategy's listener": (bad) =>
    defineStrategy({
      kind: "own",
      create: () => ({
        order: (_call, members) => members,
        listen: () => ({ onOpen: bad, onFirstContent: bad, onEnd: bad }),
      }),
    })([good]),
  "an interceptor": (bad) => {
    class Own extends Wrapper {
      open(call: Call, sink: Sink): Flow {
        return new (class extends CallInterceptor {
          constructor() {
            super(call, sink);
            this.begin(good);
          }
          protected override onFirstContent = bad;
          protected onEnd = bad;
        })();
      }
    }
    return new Own("own", good);
  },
  ...Object.fromEntries(
    (["event", "finish", "fail"] as const).map((method) => [
      `a sink's ${method}, in a wrapper of the user's own`,
      (bad: Bad) => {
        class Own extends Wrapper {
          open(call: Call, sink: Sink): Flow {
            const given: Sink = {
              event: (event) => sink.event(event),
              finish: (response) => sink.finish(response),
              fail: (error) => sink.fail(error),
            };
            return openMember(good, call, {
              ...given,
              [method]: (passed: never) => {
                given[method](passed);
                return bad();
              },
            });
          }
        }
        return new Own("own", good);
      },
    ]),
  ),
};

const chunk = (content: string) =>
  `data: ${JSON.stringify({ id: "c", model: "m", choices: [{ index: 0, delta: { content } }] })}\n\n`;
const WHOLE = '{"id":"c","model":"m","choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}';
const answering = {
  open(_request: unknown, sink: TransportSink) {
    queueMicrotask(() => {
      sink.head(200, { "content-type": "application/json" });
      sink.data(new TextEncoder().encode(WHOLE));
      sink.end();
    });
    return idle;
  },
};

function endpoint(transport: unknown, options: object = {}): ChatProvider {
  const data = { id: "labs", dialect: "openai-chat", baseUrl: "http://labs.test", model: "m" } as const;
  return defineProvider(data, { apiKey: "k", ...options, transport } as never);
}

/** How a call ended, within a few seconds. */
async function ending(call: Promise<unknown>): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((done) => {
    timer = setTimeout(() => done("never"), 8_000);
  });
  const told = call.then(
    () => "answered",
    (error: unknown) => (AiLibError.is(error) ? "failed" : `threw ${String(error)}`),
  );
  return Promise.race([told, late]).finally(() => clearTimeout(timer));
}

/** One call of a client, unary or as a stream that a slow reader reads. */
async function callBoth(provider: ChatProvider, options: object = {}): Promise<string[]> {
  const all = { timeouts: LIMITS, ...options };
  const client = new AiClient(provider);
  const streamed = async () => {
    for await (const _ of client.stream(request, all)) await Promise.resolve();
  };
  const aborted = async () => {
    const stream = client.stream(request, { ...all, signal: AbortSignal.timeout(5) });
    let events = 0;
    for await (const _ of stream) if (events++ < 4) await new Promise((done) => setTimeout(done, 2));
  };
  const left = async () => {
    for await (const _ of client.stream(request, all)) break;
  };
  return Promise.all([client.chat(request, all), streamed(), aborted(), left()].map(ending));
}

const ENDINGS = expect.stringMatching(/^(answered|failed)$/);

describe.each(Object.entries(WAYS))("code of the user that %s", (_way, bad) => {
  it.each(Object.entries(PROVIDERS))("ends the call once: %s", async (_name, make) => {
    const endings = await Promise.all(
      Object.entries(AROUND).map(async ([name, around]) => [
        name,
        ...(await callBoth(around(make(bad as Bad)))),
      ]),
    );
    for (const [name, ...each] of endings)
      expect([name, ...each]).toEqual([name, ...each.map(() => ENDINGS)]);
  });

  it("ends the call once: observers, prices and clocks of a call", async () => {
    const observer = { on: bad, chunk: bad } as Observer;
    const prices = { price: bad, cost: bad };
    for (const around of Object.values(AROUND)) {
      expect(await callBoth(around(good), { observer })).toEqual([
        "answered",
        "answered",
        "answered",
        "answered",
      ]);
      expect(await callBoth(around(good), { prices })).toEqual([
        "answered",
        "answered",
        "answered",
        "answered",
      ]);
    }
  });

  it("ends the call once: tools, rounds, items, schemas and progress", async () => {
    const calling = defineChatProvider({
      name: "calling",
      chat: () => ({
        content: [{ type: "tool-call", id: "1", name: "t", arguments: {} }],
        finishReason: "tool-calls",
      }),
    });
    const client = new AiClient(calling);
    const options = { signal: AbortSignal.timeout(100), maxRounds: 1 };
    const tool = { name: "t", parameters: { type: "object" } };
    const schema = {
      "~standard": {
        version: 1,
        vendor: "own",
        validate: bad,
        jsonSchema: { input: () => ({ type: "object" }) },
      },
    };
    const calls = [
      client.runTools("x", [{ ...tool, execute: bad }] as never, options),
      client.runTools("x", [{ ...tool, execute: () => 1 }] as never, { ...options, onRound: bad as never }),
      ...["approve", "prepareRound", "stopWhen", "onRound"].map((name) =>
        client.runTools("x", [{ ...tool, execute: () => 1 }], { ...options, [name]: bad }),
      ),
      client.runTools("x", [{ ...tool, execute: () => Promise.reject(new Error("no")) }], {
        ...options,
        onError: bad as never,
      }),
      new AiClient(defineChatProvider({ name: "o", chat: () => "[]" })).object({ type: "object" }, "x", {
        signal: options.signal,
        repair: bad as never,
      }),
      client.batch(["x"], { onItem: bad as never }),
      new AiClient(defineChatProvider({ name: "o", chat: () => "{}" })).object(schema as never, "x", {
        signal: options.signal,
      }),
    ];
    for (const end of await Promise.all(calls.map(ending))) expect(end).toEqual(ENDINGS);
  });
});

/** Sources that break the order of a call, each with what must come of it. */
const ORDERS: Readonly<Record<string, (sink: Sink) => void>> = {
  "finishes twice": (sink) => {
    sink.finish(RESPONSE);
    sink.finish(RESPONSE);
  },
  "fails after it finished": (sink) => {
    sink.finish(RESPONSE);
    sink.fail(new AiLibError({ code: "PROVIDER_ERROR", message: "late" }));
  },
  "sends events after it finished": (sink) => {
    sink.finish(RESPONSE);
    sink.event({ type: "part", index: 0, part: { type: "text", text: "late" } });
  },
  "fails twice, with what is no error": (sink) => {
    sink.fail("no error" as never);
    sink.fail(undefined as never);
  },
  "finishes with nothing": (sink) => sink.finish(undefined as never),
  "sends what is no event": (sink) => sink.event(undefined as never),
};
const RESPONSE = {
  id: "r",
  provider: "own",
  model: "m",
  content: [{ type: "text" as const, text: "a" }],
  text: "a",
  reasoningText: "",
  toolCalls: [],
  message: { role: "assistant" as const, content: [{ type: "text" as const, text: "a" }] },
  finishReason: "stop" as const,
  usage: { inputTokens: 1, outputTokens: 1 },
  usageStatus: "final" as const,
  warnings: [],
  attempts: [],
};

describe.each(Object.entries(ORDERS))("a source that %s", (_name, act) => {
  it.each([
    ["before its open has returned", (run: () => void) => run()],
    ["later", (run: () => void) => queueMicrotask(run)],
  ])("ends its call once: %s", async (_when, when) => {
    const open = (_call: unknown, sink: Sink) => {
      when(() => act(sink));
      return idle;
    };
    const own = defineChatProvider({ name: "own", open });
    const composed = {
      ...good,
      name: "own",
      members: [good],
      chat: open,
      stream: open,
      open,
    } as unknown as ChatProvider;
    for (const source of [own, composed]) {
      for (const [name, around] of Object.entries(AROUND))
        expect([name, ...(await callBoth(around(source)))]).toEqual([
          name,
          ENDINGS,
          ENDINGS,
          ENDINGS,
          ENDINGS,
        ]);
    }
  });
});

/** Transports that break the order of a reply. */
const REPLIES: Readonly<Record<string, (sink: TransportSink) => void>> = {
  "ends without a head": (sink) => sink.end(),
  "sends data before the head": (sink) => {
    sink.data(new TextEncoder().encode(WHOLE));
    sink.head(200, {});
    sink.end();
  },
  "sends a head without headers": (sink) => sink.head(200, undefined as never),
  "sends text in place of bytes": (sink) => {
    sink.head(200, { "content-type": "application/json" });
    sink.data(WHOLE as never);
    sink.end();
  },
  "fails with what is no error": (sink) => sink.fail(new Error("plain") as never),
  "ends twice": (sink) => {
    answering.open(undefined, sink);
    sink.end();
    sink.end();
    sink.fail(undefined as never);
  },
};

it.each(Object.entries(REPLIES))("a transport that %s ends its call once", async (_name, act) => {
  for (const when of [(run: () => void) => run(), (run: () => void) => queueMicrotask(run)]) {
    const provider = endpoint({
      open(_request: unknown, sink: TransportSink) {
        when(() => act(sink));
        return idle;
      },
    });
    for (const around of Object.values(AROUND))
      expect(await callBoth(around(provider))).toEqual([ENDINGS, ENDINGS, ENDINGS, ENDINGS]);
    expect(await ending(provider.listModels?.({ timeouts: LIMITS }) ?? Promise.resolve())).toEqual(ENDINGS);
  }
  await settled();
});
