import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/calls.js";
import type { ObserverEvent } from "../core/contract/observer.js";
import type { Transport, TransportRequest } from "../core/contract/transport.js";
import { failover } from "../strategies/failover.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { AiClientBuilder } from "./builder.js";

const environment = { GROQ_API_KEY: "from-environment", OPENAI_API_KEY: "another" };

const body = new TextEncoder().encode(
  JSON.stringify({
    id: "1",
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hi" } }],
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  }),
);

/** Answers everything, at once and the same, and keeps what was asked; some hosts are down. */
function wire(
  down: (url: string) => boolean = () => false,
): Transport & { readonly sent: TransportRequest[] } {
  const sent: TransportRequest[] = [];
  return {
    sent,
    open(request, sink) {
      sent.push(request);
      queueMicrotask(() => {
        sink.head(down(request.url) ? 500 : 200, { "content-type": "application/json" });
        sink.data(body);
        sink.end();
      });
      return { pause() {}, resume() {}, abort: () => undefined };
    },
  };
}

const hostOf = (request: TransportRequest | undefined) => new URL(request?.url ?? "x:").host;

describe("a client that is built", () => {
  it("asks its main target with the settings for it", async () => {
    const transport = wire();
    const client = new AiClientBuilder("groq")
      .withEnvironment(environment)
      .withTransport(transport)
      .withApiKey("mine")
      .withBaseUrl("http://example.test/v9")
      .withDefaultChatModel("target-model")
      .build();
    expect((await client.chat("Hi")).text).toBe("Hi");
    const [asked] = transport.sent;
    expect(asked?.url).toMatch(/^http:\/\/example\.test\/v9\//);
    expect(asked?.headers["authorization"]).toBe("Bearer mine");
    expect(JSON.parse(String(asked?.body))).toMatchObject({ model: "target-model" });
  });

  it("takes its key from the environment, and says which variable is missing", async () => {
    const transport = wire();
    const builder = () => new AiClientBuilder("groq/m").withTransport(transport);
    await builder().withEnvironment(environment).build().chat("Hi");
    expect(transport.sent[0]?.headers["authorization"]).toBe("Bearer from-environment");
    const error = await errorOf((async () => builder().withEnvironment({}).build().chat("Hi"))());
    expect(error).toMatchObject({ code: "CONFIG_ERROR", message: expect.stringContaining("GROQ_API_KEY") });
  });

  it("moves along its chain, each with its own key and host", async () => {
    const transport = wire((url) => url.includes("groq"));
    const client = new AiClientBuilder("groq/a")
      .withEnvironment(environment)
      .withTransport(transport)
      .withFailoverChain(["openai/b"])
      .build();
    const response = await client.chat("Hi");
    expect(response.provider).toBe("openai");
    expect(transport.sent.map(hostOf)).toEqual(["api.groq.com", "api.openai.com"]);
    expect(transport.sent.map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer from-environment",
      "Bearer another",
    ]);
  });

  it("asks in turn if it is configured so", async () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => scripted(name));
    const client = new AiClientBuilder(a).withRoundRobinChain([b ?? "", c ?? ""]).build();
    const asked: string[] = [];
    for (let i = 0; i < 6; i++) asked.push((await client.chat("Hi")).provider);
    expect(asked).toEqual(["a", "b", "c", "a", "b", "c"]);
  });

  it("puts its layers around each target, from the inside out", () => {
    const builder = new AiClientBuilder(scripted("a"))
      .withFailoverChain([scripted("b")])
      .withRetry()
      .withCircuitBreaker()
      .withMaxConcurrency(3)
      .withRateLimit({ requestsPerMinute: 10 });
    const { name } = builder.buildProvider();
    for (const target of ["a", "b"]) {
      expect(name).toMatch(new RegExp(`retry\\(circuit-?[bB]reaker\\(.*\\(.*\\(${target}\\)`));
    }
  });

  it("keeps the layers around a provider that is the strategy", async () => {
    const clock = new VirtualClock();
    const flaky = scripted({
      name: "a",
      replies: [{ error: { code: "PROVIDER_ERROR", message: "no" } }, {}],
    });
    const client = new AiClientBuilder()
      .withStrategy(failover([flaky]))
      .withRetry()
      .build();
    const answer = client.chat("Hi", { clock });
    await clock.drain();
    expect((await answer).attempts).toHaveLength(2);
  });

  it("passes every target to a strategy function", () => {
    const seen: string[] = [];
    new AiClientBuilder(scripted("a"))
      .withStrategy((members) => {
        seen.push(...members.map(({ name }) => name));
        return failover(members);
      })
      .build();
    expect(seen).toEqual(["a"]);
  });

  it("notifies every observer", async () => {
    const seen: string[] = [];
    const watching = (name: string) => ({
      on: ({ type }: ObserverEvent) => void (type === "request-end" && seen.push(name)),
    });
    await new AiClientBuilder(scripted("a"))
      .withObserver(watching("1"))
      .withObserver(watching("2"))
      .build()
      .chat("Hi");
    expect(seen).toEqual(["1", "2"]);
  });

  it("shows no key when its builder is printed", () => {
    const builder = new AiClientBuilder("groq").withApiKey("hush").withProxy("http://user:hush@localhost:1");
    expect(inspect(builder, { depth: 9, showHidden: true })).not.toContain("hush");
    expect(JSON.stringify(builder)).not.toContain("hush");
  });
});

describe("the limits of a client that is built", () => {
  /** When a call of a silent target ends, in milliseconds. */
  async function endOf(builder: AiClientBuilder) {
    const clock = new VirtualClock();
    const error = errorOf(
      builder
        .withEnvironment({ AI_TIMEOUT_SECS: "7", ...environment })
        .build()
        .chat("Hi", { clock }),
    );
    await clock.drain();
    return { phase: (await error).phase, at: clock.now() };
  }
  const silent = () => new AiClientBuilder(scripted({ name: "a", replies: [{ silent: true }] }));

  it("come from the environment, the builder before it", async () => {
    expect(await endOf(silent())).toEqual({ phase: "total", at: 7_000 });
    expect(await endOf(silent().withTimeouts({ totalMs: 3_000 }))).toEqual({ phase: "total", at: 3_000 });
    expect(await endOf(silent().withTimeouts({ totalMs: 0 }))).toEqual({ phase: "total", at: 0 });
    expect(await endOf(silent().withTimeouts({ totalMs: undefined }))).toEqual({ phase: "total", at: 7_000 });
  });

  it("detect a dead route in production, and can be set after the preset", async () => {
    expect(await endOf(silent().forProduction())).toEqual({ phase: "total", at: 7_000 });
    const patient = silent().forProduction().withTimeouts({ totalMs: 900_000 });
    expect(await endOf(patient)).toEqual({ phase: "answer", at: 600_000 });
    const quicker = silent().forProduction().withTimeouts({ answerMs: 5 });
    expect(await endOf(quicker)).toEqual({ phase: "answer", at: 5 });
    expect(await endOf(silent().forDevelopment())).toEqual({ phase: "total", at: 60_000 });
  });

  it.each(["soon", "0", "-1"])("refuse %j seconds in the environment", (seconds) => {
    expect(() =>
      new AiClientBuilder(scripted("a")).withEnvironment({ AI_TIMEOUT_SECS: seconds }).build(),
    ).toThrow(/AI_TIMEOUT_SECS/);
  });

  it("of attempts count over retries and targets together", async () => {
    const clock = new VirtualClock();
    const down = scripted({ name: "a", replies: [{ error: { code: "NETWORK_ERROR", message: "no" } }] });
    const client = new AiClientBuilder(down).withRetry({ maxRetries: 9 }).withMaxAttempts(3).build();
    const error = errorOf(client.chat("Hi", { clock }));
    await clock.drain();
    await error;
    expect(down.calls).toBe(3);
  });

  it("of repeats count over retries and targets together", async () => {
    const clock = new VirtualClock();
    const down = scripted({ name: "a", replies: [{ error: { code: "NETWORK_ERROR", message: "no" } }] });
    const client = new AiClientBuilder(down).withRetry({ maxRetries: 9 }).withMaxRepeats(1).build();
    const error = errorOf(client.chat("Hi", { clock }));
    await clock.drain();
    await error;
    expect(down.calls).toBe(2);
  });

  it("of recovery midway apply to every stream", async () => {
    const cut = scripted({ name: "a", replies: [{ text: ["Hel", "lo"], cut: true }] });
    const whole = scripted({ name: "b", replies: [{ text: ["Hel", "lo", " there"] }] });
    const ask = (build: AiClientBuilder) => build.withFailoverChain([whole]).build().stream("Hi").response();
    expect((await ask(new AiClientBuilder(cut).withMidStream("splice"))).text).toBe("Hello there");
    expect((await errorOf(ask(new AiClientBuilder(cut)))).code).toBe("STREAM_TRUNCATED");
  });
});

describe("contradictory settings are refused when the client is built", () => {
  const a = () => scripted("a");
  const contradictions: [string, () => unknown, RegExp][] = [
    ["no target at all", () => new AiClientBuilder().build(), /no provider/],
    [
      "two strategies",
      () => new AiClientBuilder(a()).withFailoverChain([a()]).withRoundRobinChain([a()]),
      /one strategy/,
    ],
    [
      "a chain after a strategy",
      () => new AiClientBuilder().withStrategy(a()).withFailoverChain([a()]),
      /one strategy/,
    ],
    [
      "a main target beside a whole strategy",
      () => new AiClientBuilder(a()).withStrategy(failover([a()])).build(),
      /main target/,
    ],
    [
      "a key without a target",
      () => new AiClientBuilder().withApiKey("k").withFailoverChain([a()]).build(),
      /apiKey/,
    ],
    [
      "a base URL of a provider object",
      () => new AiClientBuilder(a()).withBaseUrl("http://x").build(),
      /baseUrl/,
    ],
    [
      "a transport and a proxy",
      () => new AiClientBuilder("groq").withTransport(wire()).withProxy("http://x").build(),
      /withProxy/,
    ],
    ["a provider that does not exist", () => new AiClientBuilder("grog").build(), /groq/],
    ["a negative timeout", () => new AiClientBuilder(a()).withTimeouts({ idleMs: -1 }).build(), /idleMs/],
    [
      "no room for any call",
      () => new AiClientBuilder(a()).withMaxConcurrency(0).build(),
      /limit|concurrency/,
    ],
  ];
  it.each(contradictions)("%s", (_, build, words) => {
    expect(build).toThrow(words);
  });
});
