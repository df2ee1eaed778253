// The smoke suite: chat, stream, abort, failover and tools against the simulator, by the platform's own transport and
// by the one on fetch. It runs as it is on Node, Bun and Deno, from a folder in which the packed package is installed.
// Every line that begins with "ok" is a check that passed; the last line counts them.
import { defineProvider } from "ai-lib";
import { startSimulator } from "ai-lib/testing";
import { fetchTransport } from "ai-lib/transport-fetch";
import { abortMidway, expect, expectEcho, failOver, hello, long, useTools } from "./checks.mjs";

const DIALECTS = ["openai-chat", "anthropic-messages", "gemini", "bedrock-converse", "ollama-chat"];

let passed = 0;

async function until(condition, what) {
  for (let i = 0; i < 200; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not in time: ${what}`);
}

const simulator = await startSimulator();

function provider(endpoint, dialect, transport) {
  return defineProvider(
    { id: endpoint, dialect, baseUrl: simulator.baseUrl(endpoint, dialect), model: "simulated" },
    { apiKey: "k", ...(transport === undefined ? {} : { transport }) },
  );
}

const checks = {
  async chat(name, transport) {
    for (const dialect of DIALECTS) {
      const answer = await provider(`${name}-chat`, dialect, transport).chat(hello);
      expectEcho(answer.text, `${dialect} answered`);
    }
  },
  async stream(name, transport) {
    for (const dialect of DIALECTS) {
      let text = "";
      let pieces = 0;
      const stream = provider(`${name}-stream`, dialect, transport).stream(hello);
      for await (const piece of stream.text) {
        text += piece;
        pieces++;
      }
      expectEcho(text, `${dialect} streamed`);
      expect(pieces > 1, `${dialect} streamed in ${pieces} piece`);
      expect((await stream.response()).finishReason === "stop", "the stream stopped");
    }
  },
  async abort(name, transport) {
    const endpoint = `${name}-abort`;
    simulator.script(endpoint, [{ silent: 3 }, { silent: 3 }]);
    const error = await abortMidway(provider(endpoint, "openai-chat", transport));
    expect(error.partial?.text !== "", "the abort kept what had come");
    for await (const event of provider(endpoint, "openai-chat", transport).stream(long))
      if (event.type === "text-delta") break;
    await until(
      () => simulator.at(endpoint).every(({ outcome }) => outcome === "left"),
      "the simulator saw both clients leave",
    );
  },
  async failover(name, transport) {
    const [first, cut, good] = ["busy", "cut", "good"].map((each) => `${name}-${each}`);
    simulator.always(first, { status: 503 });
    simulator.always(cut, { cut: 1 });
    const answer = await failOver([
      provider(first, "openai-chat", transport),
      provider(cut, "anthropic-messages", transport),
      provider(good, "gemini", transport),
    ]);
    expect(answer.provider === good, `${answer.provider} answered`);
  },
  async tools(name, transport) {
    await useTools(provider(`${name}-tools`, "openai-responses", transport));
  },
};

const fetching = fetchTransport();
for (const [name, transport] of [
  ["platform", undefined],
  ["fetch", fetching],
]) {
  for (const [what, check] of Object.entries(checks)) {
    await check(name, transport);
    passed++;
    console.log(`ok ${what} by the ${name} transport`);
  }
}

await simulator.close();
console.log(`${passed} passed`);
// Connections that are kept alive must not keep the program.
if (globalThis.Deno === undefined) process.exitCode = 0;
