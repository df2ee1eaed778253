import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DialectId } from "../core/contract/dialect.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { moderateLaws } from "../core/kinds/moderate.js";
import { defineProvider } from "../providers/endpoint/define.js";
import { type Simulator, startSimulator } from "./simulator.js";

const DIALECTS: readonly DialectId[] = [
  "openai-chat",
  "openai-responses",
  "anthropic-messages",
  "gemini",
  "mistral-chat",
  "cohere-chat",
  "bedrock-converse",
  "ollama-chat",
];

describe.each(DIALECTS)("a simulator that speaks %s", (dialect) => {
  let simulator: Simulator;
  const at = (endpoint: string): ChatProvider =>
    defineProvider(
      { id: "sim", dialect, baseUrl: simulator.baseUrl(endpoint, dialect), model: "simulated" },
      { apiKey: "k" },
    );
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  const hello = { messages: [{ role: "user" as const, content: "Hello, wörld 👋" }] };

  const long = { messages: [{ role: "user" as const, content: "a long story ".repeat(20) }] };

  it("answers the same whole and streamed", async () => {
    const provider = at("plain");
    const whole = await provider.chat(hello);
    const streamed = await provider.stream(hello).response();
    expect(whole.text).toBe("You said: Hello, wörld 👋");
    // State to echo may hold ids, which differ from call to call.
    expect(streamed.content.map(({ origin: _origin, ...part }) => part)).toEqual(
      whole.content.map(({ origin: _origin, ...part }) => part),
    );
    expect(streamed.usage.outputTokens).toBe(whole.usage.outputTokens);
    expect(simulator.at("plain").map((attempt) => attempt.outcome)).toEqual(["answered", "answered"]);
  });

  it.each([
    ["a status", { status: 503 }, "OVERLOADED"],
    ["a reset before the head", { reset: "head" as const }, "NETWORK_ERROR"],
    ["a reset midway", { reset: 2 }, "STREAM_TRUNCATED"],
    ["a cut", { cut: 2 }, "STREAM_TRUNCATED"],
    ["a missing terminator", { noTerminator: true }, "STREAM_TRUNCATED"],
    ["HTML", { body: "<html>hello</html>", status: 200 }, "INVALID_RESPONSE"],
    [
      "an error in the stream",
      { inBand: { after: 2, error: { code: "OVERLOADED" as const, message: "busy" } } },
      "OVERLOADED",
    ],
  ])("can be scripted to fail by %s", async (what, fault, code) => {
    simulator.script(what, [fault]);
    const error = await at(what)
      .stream(hello)
      .response()
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code });
    expect(simulator.at(what)).toHaveLength(1);
  });

  it("sees a client leave", async () => {
    simulator.script("leaving", [{ silent: 5 }]);
    for await (const event of at("leaving").stream(long)) if (event.type === "text-delta") break;
    await expect.poll(() => simulator.at("leaving")[0]?.outcome).toBe("left");
  });
});

describe("a simulator asked for embeddings", () => {
  it.each([
    ["openai-chat", "/v1", "/embeddings"],
    ["gemini", "/v1beta", "/models/{model}:embedContent"],
    ["cohere-chat", "/v2", "/embed"],
  ] as const)("answers in %s, and plays faults", async (dialect, base, path) => {
    const simulator = await startSimulator();
    const provider = defineProvider(
      {
        id: "sim",
        dialect,
        baseUrl: `${simulator.baseUrl("e")}${base}`,
        model: "simulated",
        kinds: { embed: { model: "vectors", path } },
      },
      { apiKey: "k" },
    );
    const first = await provider.embed?.({ inputs: ["a"] });
    expect(first?.embeddings).toHaveLength(1);
    expect((await provider.embed?.({ inputs: ["a"] }))?.embeddings).toEqual(first?.embeddings);
    simulator.script("e", [{ status: 429 }]);
    await expect(provider.embed?.({ inputs: ["b"] })).rejects.toMatchObject({ code: "RATE_LIMIT" });
    expect(simulator.at("e", "embed").map(({ outcome }) => outcome)).toEqual([
      "answered",
      "answered",
      "faulted",
    ]);
    expect(simulator.at("e")).toEqual([]);
    await simulator.close();
  });
});

it("answers moderation, and plays faults on it", async () => {
  const simulator = await startSimulator();
  const provider = defineProvider(
    {
      id: "sim",
      dialect: "openai-responses",
      baseUrl: `${simulator.baseUrl("m")}/v1`,
      kinds: { moderate: { model: "judge" } },
    },
    { apiKey: "k" },
  );
  const asked = { inputs: ["a", "b"] };
  expect(await provider.call(moderateLaws, asked)).toMatchObject({ flagged: false, model: "judge" });
  simulator.script("m", [{ status: 503 }]);
  await expect(provider.call(moderateLaws, asked)).rejects.toMatchObject({ code: "OVERLOADED" });
  expect(simulator.at("m", "moderate").map(({ outcome }) => outcome)).toEqual(["answered", "faulted"]);
  await simulator.close();
});

describe("a simulator plays", () => {
  let simulator: Simulator;
  const at = (endpoint: string): ChatProvider =>
    defineProvider(
      { id: "sim", dialect: "openai-chat", baseUrl: `${simulator.baseUrl(endpoint)}/v1`, model: "simulated" },
      { apiKey: "k" },
    );
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());
  const hello = { messages: [{ role: "user" as const, content: "Hello" }] };

  it.each([
    ["dribbles", { dribble: { bytes: 7, everyMs: 1 } }],
    ["connections that stay open behind the answer", { lingers: true }],
    ["connections that close behind the reply", { closes: true }],
    ["an id that other answers have", { id: "the-same" }],
  ])("%s, which answers survive", async (what, fault) => {
    simulator.always(what, fault);
    const provider = at(what);
    for (let i = 0; i < 3; i++) {
      expect((await provider.stream(hello).response()).text).toBe("You said: Hello");
      const whole = await provider.chat(hello);
      expect(whole.text).toBe("You said: Hello");
      if ("id" in fault) expect(whole.id).toBe("the-same");
    }
    expect(simulator.at(what)).toHaveLength(6);
  });

  it("comments without end, deaf sockets, and bodies without end", async () => {
    simulator.always("comments", { comments: { after: 2, everyMs: 5 } });
    simulator.always("deaf", { silent: "head" });
    simulator.always("oversize", { status: 503, oversize: Number.POSITIVE_INFINITY });
    const timeouts = { stallMs: 60, firstContentMs: 80, headMs: 60 };
    const failure = (endpoint: string) =>
      at(endpoint)
        .stream(hello, { timeouts })
        .response()
        .then(
          () => undefined,
          (error: { code?: string; phase?: string }) => [error.code, error.phase],
        );
    expect(await failure("comments")).toEqual(["TIMEOUT", "stall"]);
    expect(await failure("deaf")).toEqual(["TIMEOUT", "first-content"]);
    expect(await failure("oversize")).toEqual(["OVERLOADED", undefined]);
  });

  it("faults in turn, and reports each ended request", async () => {
    const ended: string[] = [];
    const own = await startSimulator({
      onAttempt: ({ outcome, endpoint }) => ended.push(`${endpoint} ${outcome}`),
    });
    own.cycle("default", [{ status: 503 }, undefined]);
    const provider = defineProvider(
      { id: "sim", dialect: "openai-chat", baseUrl: `${own.url}/v1`, model: "simulated" },
      { apiKey: "k" },
    );
    const codes = [];
    for (let i = 0; i < 4; i++) {
      codes.push(
        await provider.chat(hello).then(
          ({ text }) => text,
          ({ code }) => code,
        ),
      );
    }
    expect(codes).toEqual(["OVERLOADED", "You said: Hello", "OVERLOADED", "You said: Hello"]);
    await expect.poll(() => ended).toEqual(Array(2).fill(["default faulted", "default answered"]).flat());
    expect(own.attempts).toHaveLength(4);
    own.forget();
    expect(own.attempts).toEqual([]);
    await own.close();
  });
});
