// The same without Node: a worker that has fetch and no sockets, no file system and no process. The simulator runs
// outside, at the address that the binding names.
import { AiLibError, defineProvider, failover, toolResult } from "ai-lib";

const DIALECTS = ["openai-chat", "openai-responses", "anthropic-messages", "gemini"];
const hello = { messages: [{ role: "user", content: "Hello, wörld 👋" }] };
const long = { messages: [{ role: "user", content: "a long story ".repeat(2000) }] };
const weather = {
  type: "function",
  name: "weather",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

function expect(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

function provider(simulator, place, dialect) {
  return defineProvider(
    { id: place, dialect, baseUrl: `${simulator}/@${place}/~${dialect}`, model: "simulated" },
    { apiKey: "k" },
  );
}

const checks = {
  async chat(simulator) {
    for (const dialect of DIALECTS) {
      const answer = await provider(simulator, "open", dialect).chat(hello);
      expect(answer.text === "You said: Hello, wörld 👋", `${dialect} answered ${answer.text}`);
    }
  },
  async stream(simulator) {
    for (const dialect of DIALECTS) {
      let text = "";
      for await (const piece of provider(simulator, "open", dialect).stream(hello).text) text += piece;
      expect(text === "You said: Hello, wörld 👋", `${dialect} streamed ${text}`);
    }
  },
  async abort(simulator) {
    const controller = new AbortController();
    let error;
    try {
      const stream = provider(simulator, "silent", "openai-chat").stream(long, { signal: controller.signal });
      for await (const event of stream) if (event.type === "text-delta") controller.abort();
    } catch (reason) {
      error = reason;
    }
    expect(AiLibError.is(error) && error.code === "CANCELLED", `an abort ended with ${error}`);
  },
  async failover(simulator) {
    const chain = failover([
      provider(simulator, "busy", "openai-chat"),
      provider(simulator, "cut", "anthropic-messages"),
      provider(simulator, "open", "gemini"),
    ]);
    const answer = await chain.stream(hello).response();
    const outcomes = answer.attempts.map(({ code, outcome }) => code ?? outcome).join(" ");
    expect(outcomes === "OVERLOADED STREAM_TRUNCATED success", `the attempts were ${outcomes}`);
  },
  async tools(simulator) {
    const one = provider(simulator, "open", "openai-responses");
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

// biome-ignore lint/style/noDefaultExport: the form in which the platform takes a worker.
export default {
  async test(_controller, { SIMULATOR }) {
    let passed = 0;
    for (const [what, check] of Object.entries(checks)) {
      await check(SIMULATOR);
      passed++;
      console.log(`ok ${what} by fetch in a worker`);
    }
    console.log(`${passed} passed`);
  },
};
