// The smoke suite: chat, stream, abort, failover and tools against the simulator, by the platform's own transport and
// by the one on fetch. It runs as it is on Node, Bun and Deno, from a folder in which the packed package is installed.
// Every line that begins with "ok" is a check that passed; the last line counts them.
import { AiLibError, defineProvider, failover, toolResult } from "ai-lib";
import { startSimulator } from "ai-lib/testing";
import { fetchTransport } from "ai-lib/transport-fetch";

const hello = { messages: [{ role: "user", content: "Hello, wörld 👋" }] };
const long = { messages: [{ role: "user", content: "a long story ".repeat(2000) }] };
const weather = {
  type: "function",
  name: "weather",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

let passed = 0;

function expect(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

async function until(condition, what) {
  for (let i = 0; i < 200; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not in time: ${what}`);
}

const simulator = await startSimulator();

function provider(place, dialect, transport) {
  return defineProvider(
    { id: place, dialect, baseUrl: simulator.baseUrl(place, dialect), model: "simulated" },
    { apiKey: "k", ...(transport === undefined ? {} : { transport }) },
  );
}

const checks = {
  async chat(name, transport) {
    for (const dialect of [
      "openai-chat",
      "anthropic-messages",
      "gemini",
      "bedrock-converse",
      "ollama-chat",
    ]) {
      const answer = await provider(`${name}-chat`, dialect, transport).chat(hello);
      expect(answer.text === "You said: Hello, wörld 👋", `${dialect} answered ${answer.text}`);
    }
  },
  async stream(name, transport) {
    for (const dialect of [
      "openai-chat",
      "anthropic-messages",
      "gemini",
      "bedrock-converse",
      "ollama-chat",
    ]) {
      let text = "";
      let pieces = 0;
      const stream = provider(`${name}-stream`, dialect, transport).stream(hello);
      for await (const piece of stream.text) {
        text += piece;
        pieces++;
      }
      expect(text === "You said: Hello, wörld 👋", `${dialect} streamed ${text}`);
      expect(pieces > 1, `${dialect} streamed in ${pieces} piece`);
      expect((await stream.response()).finishReason === "stop", "the stream stopped");
    }
  },
  async abort(name, transport) {
    const place = `${name}-abort`;
    simulator.script(place, [{ silent: 3 }, { silent: 3 }]);
    const controller = new AbortController();
    let error;
    try {
      const stream = provider(place, "openai-chat", transport).stream(long, { signal: controller.signal });
      for await (const event of stream) if (event.type === "text-delta") controller.abort();
    } catch (reason) {
      error = reason;
    }
    expect(AiLibError.is(error) && error.code === "CANCELLED", `an abort ended with ${error}`);
    expect(error.partial?.text !== "", "the abort kept what had come");
    for await (const event of provider(place, "openai-chat", transport).stream(long))
      if (event.type === "text-delta") break;
    await until(
      () => simulator.at(place).every(({ outcome }) => outcome === "left"),
      "the simulator saw both clients leave",
    );
  },
  async failover(name, transport) {
    const [first, cut, good] = ["busy", "cut", "good"].map((each) => `${name}-${each}`);
    simulator.always(first, { status: 503 });
    simulator.always(cut, { cut: 1 });
    const chain = failover([
      provider(first, "openai-chat", transport),
      provider(cut, "anthropic-messages", transport),
      provider(good, "gemini", transport),
    ]);
    const answer = await chain.stream(hello).response();
    expect(answer.provider === good, `${answer.provider} answered`);
    const outcomes = answer.attempts.map(({ code, outcome }) => code ?? outcome).join(" ");
    expect(outcomes === "OVERLOADED STREAM_TRUNCATED success", `the attempts were ${outcomes}`);
  },
  async tools(name, transport) {
    const one = provider(`${name}-tools`, "openai-responses", transport);
    const first = await one.stream({ ...hello, tools: [weather] }).response();
    const [call] = first.toolCalls;
    expect(call?.arguments?.city === "sample", "the tool was called with a city");
    const second = await one.chat({
      tools: [weather],
      messages: [
        ...hello.messages,
        first.message,
        { role: "tool", content: [toolResult(call, "22 degrees")] },
      ],
    });
    expect(second.text === "The tools found: 22 degrees", `the answer was ${second.text}`);
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
