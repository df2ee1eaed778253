import { createServer } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import type { AiClient } from "../../src/client/ai-client.js";
import { AiClientBuilder } from "../../src/client/builder.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { Fault } from "../../src/testing/fault.js";
import { startSimulator } from "../../src/testing/simulator.js";
import { errorOf } from "../support/calls.js";

/** The chain of the README, over real sockets and in real time, with `forProduction()` and nothing else set. */
const CHAIN = ["groq", "openai", "anthropic"] as const;
type Member = (typeof CHAIN)[number];

const QUESTION: ChatRequest = {
  messages: [{ role: "user", content: "Tell it whole, wörld 👋: ".repeat(8) }],
};
const ANSWER = `You said: ${"Tell it whole, wörld 👋: ".repeat(8)}`;

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Played {
  readonly client: AiClient;
  /** The members that were asked, in order. */
  asked(): string[];
  always(member: Member, fault: Fault | undefined): void;
  script(member: Member, faults: readonly Fault[]): void;
}

/** Runs a test with the chain against a simulator of its own. */
async function withChain(test: (played: Played) => Promise<void>, refuses?: Member): Promise<void> {
  const simulator = await startSimulator();
  const port = refuses === undefined ? 0 : await closedPort();
  const at = (member: Member, path: string) =>
    member === refuses ? `http://127.0.0.1:${port}${path}` : `${simulator.baseUrl(member)}${path}`;
  const client = new AiClientBuilder("groq")
    .withFailoverChain(["openai", "anthropic"])
    .withEnvironment({
      GROQ_API_KEY: "k1",
      OPENAI_API_KEY: "k2",
      ANTHROPIC_API_KEY: "k3",
      GROQ_BASE_URL: at("groq", "/openai/v1"),
      OPENAI_BASE_URL: at("openai", "/v1"),
      ANTHROPIC_BASE_URL: at("anthropic", ""),
    })
    .forProduction()
    .build();
  try {
    await test({
      client,
      asked: () => simulator.attempts.map(({ endpoint }) => endpoint),
      always: (member, fault) => simulator.always(member, fault),
      script: (member, faults) => simulator.script(member, faults),
    });
  } finally {
    await client.close();
    await simulator.close();
  }
}

/** Asks for the whole answer, in one way or the other. */
async function ask(client: AiClient, mode: "unary" | "stream") {
  const began = performance.now();
  if (mode === "unary") {
    const { text, provider } = await client.chat(QUESTION);
    return { text, provider, firstMs: performance.now() - began };
  }
  let firstMs = Number.POSITIVE_INFINITY;
  let shown = "";
  const stream = client.stream(QUESTION);
  for await (const event of stream) {
    if (event.type !== "text-delta") continue;
    firstMs = Math.min(firstMs, performance.now() - began);
    shown += event.text;
  }
  const { text, provider } = await stream.response();
  expect(shown).toBe(text);
  return { text, provider, firstMs };
}

const FAULTS: readonly (readonly [string, Fault])[] = [
  ["a limit", { status: 429, headers: { "retry-after": "20" } }],
  ["a limit that names no time", { status: 429 }],
  ["a limit of a week", { status: 429, headers: { "retry-after": "604800" } }],
  ["server errors", { status: 500 }],
  ["overload", { status: 503 }],
  ["a refused key", { status: 401 }],
  ["a quota that is used up", { error: { code: "QUOTA_EXHAUSTED", message: "no credit" } }],
  ["resets before the head", { reset: "head" }],
  ["a page of a proxy", { status: 502, body: "<html>Bad Gateway</html>" }],
  ["an answer that is no JSON", { body: "<html>Welcome</html>" }],
  ["an empty body", { body: "" }],
];

// What is loaded with the first call is loaded before anything is timed.
beforeAll(async () => {
  for (const mode of ["unary", "stream"] as const)
    for (const failing of [["groq", "openai"], []] as const)
      await withChain(async ({ client, always }) => {
        for (const member of failing) always(member, { status: 500 });
        await ask(client, mode);
      });
});

describe("the chain of the README gives the whole answer", { timeout: 40_000 }, () => {
  describe.each(["unary", "stream"] as const)("%s", (mode) => {
    it.each(FAULTS)("within a second, while two members answer with %s", async (_what, fault) => {
      await withChain(async ({ client, always, asked }) => {
        always("groq", fault);
        always("openai", fault);
        const { text, provider, firstMs } = await ask(client, mode);
        expect({ text, provider }).toEqual({ text: ANSWER, provider: "anthropic" });
        expect(asked()).toEqual(CHAIN);
        expect(firstMs).toBeLessThan(1_000);
      });
    });

    it("within a second, while the first member refuses connections", async () => {
      await withChain(async ({ client, asked }) => {
        const { text, firstMs } = await ask(client, mode);
        expect(text).toBe(ANSWER);
        expect(asked()).toEqual(["openai"]);
        expect(firstMs).toBeLessThan(1_000);
      }, "groq");
    });

    it.concurrent("after errors whose bodies never end, two seconds each at most", async () => {
      await withChain(async ({ client, always, asked }) => {
        always("groq", { status: 500, oversize: Number.POSITIVE_INFINITY });
        always("openai", { status: 500, dribble: { bytes: 1, everyMs: 400 } });
        const { text, firstMs } = await ask(client, mode);
        expect(text).toBe(ANSWER);
        expect(asked()).toEqual(CHAIN);
        expect(firstMs).toBeLessThan(5_000);
      });
    });

    it.concurrent("where limits that name no time are all there is, once they are lifted", async () => {
      await withChain(async ({ client, script, asked }) => {
        for (const member of CHAIN) script(member, [{ status: 429 }]);
        const { text, firstMs } = await ask(client, mode);
        expect(text).toBe(ANSWER);
        expect(asked().slice(0, 3)).toEqual(CHAIN);
        expect(asked()).toHaveLength(4);
        expect(firstMs).toBeLessThan(8_000);
      });
    });

    it.concurrent("where limits that name a time are all there is, at that time", async () => {
      await withChain(async ({ client, script, asked }) => {
        for (const member of CHAIN) script(member, [{ status: 429, headers: { "retry-after": "1" } }]);
        const { text, firstMs } = await ask(client, mode);
        expect(text).toBe(ANSWER);
        expect(asked()).toHaveLength(4);
        expect(firstMs).toBeGreaterThanOrEqual(1_000);
        expect(firstMs).toBeLessThan(4_000);
      });
    });

    it.concurrent("in small pieces, from a server that closes behind each reply, 40 times of 40", async () => {
      await withChain(async ({ client, always, asked }) => {
        always("groq", { closes: true, dribble: { bytes: 900, everyMs: 1 } });
        for (let i = 0; i < 40; i++) {
          const { text, provider } = await ask(client, mode);
          expect({ text, provider }).toEqual({ text: ANSWER, provider: "groq" });
        }
        expect(asked()).toEqual(Array(40).fill("groq"));
      });
    });
  });

  it.concurrent("within 16 s for a stream whose first member is deaf", async () => {
    await withChain(async ({ client, always, asked }) => {
      always("groq", { silent: "head" });
      const began = performance.now();
      const stream = client.stream(QUESTION);
      let firstMs = 0;
      for await (const event of stream)
        if (event.type === "text-delta" && firstMs === 0) firstMs = performance.now() - began;
      expect((await stream.response()).text).toBe(ANSWER);
      expect(asked()).toEqual(["groq", "openai"]);
      expect(firstMs).toBeGreaterThan(14_000);
      expect(firstMs).toBeLessThan(16_000);
    });
  });

  it.concurrent("also where the connection stays open behind it", async () => {
    await withChain(async ({ client, always, asked }) => {
      always("groq", { lingers: true });
      const began = performance.now();
      const { text } = await ask(client, "stream");
      expect(text).toBe(ANSWER);
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(asked()).toEqual(["groq"]);
    });
  });
});

describe("a member of the chain that fails", { timeout: 40_000 }, () => {
  it.concurrent("is not asked again before every other member was, and then within its repeats", async () => {
    await withChain(async ({ client, always, asked }) => {
      for (const member of CHAIN) always(member, { status: 500 });
      const error = await errorOf(client.chat(QUESTION));
      expect(error.code).toBe("PROVIDER_ERROR");
      expect(asked().slice(0, 3)).toEqual(CHAIN);
      expect(asked()).toHaveLength(7);
      for (const member of CHAIN)
        expect(asked().filter((one) => one === member).length).toBeLessThanOrEqual(3);
    });
  });

  it.concurrent("is not asked at all while its circuit is open", async () => {
    await withChain(async ({ client, always, asked }) => {
      always("groq", { status: 500 });
      for (let i = 0; i < 12; i++) expect((await ask(client, "unary")).provider).toBe("openai");
      const tries = asked().filter((member) => member === "groq").length;
      expect(tries).toBeLessThan(10);
      for (let i = 0; i < 3; i++) await ask(client, "stream");
      expect(asked().filter((member) => member === "groq")).toHaveLength(tries);
    });
  });

  it.concurrent("makes no call fail slowly or ask anyone while all circuits are open", async () => {
    await withChain(async ({ client, always, asked }) => {
      for (const member of CHAIN) always(member, { status: 401 });
      await errorOf(client.chat(QUESTION));
      const before = asked().length;
      expect(before).toBe(3);
      const began = performance.now();
      const error = await errorOf(client.chat(QUESTION));
      expect(error.code).toBe("CIRCUIT_OPEN");
      expect(performance.now() - began).toBeLessThan(500);
      expect(asked()).toHaveLength(before);
    });
  });
});
