// The same without Node: a worker that has fetch and no sockets, no file system and no process. The simulator runs
// outside, at the address that the binding names.
import { defineProvider } from "ai-lib";
import { abortMidway, expectEcho, failOver, hello, useTools } from "./checks.mjs";

const DIALECTS = ["openai-chat", "openai-responses", "anthropic-messages", "gemini"];
function provider(simulator, endpoint, dialect) {
  return defineProvider(
    { id: endpoint, dialect, baseUrl: `${simulator}/@${endpoint}/~${dialect}`, model: "simulated" },
    { apiKey: "k" },
  );
}

const checks = {
  async chat(simulator) {
    for (const dialect of DIALECTS) {
      const answer = await provider(simulator, "open", dialect).chat(hello);
      expectEcho(answer.text, `${dialect} answered`);
    }
  },
  async stream(simulator) {
    for (const dialect of DIALECTS) {
      let text = "";
      for await (const piece of provider(simulator, "open", dialect).stream(hello).text) text += piece;
      expectEcho(text, `${dialect} streamed`);
    }
  },
  async abort(simulator) {
    await abortMidway(provider(simulator, "silent", "openai-chat"));
  },
  async failover(simulator) {
    await failOver([
      provider(simulator, "busy", "openai-chat"),
      provider(simulator, "cut", "anthropic-messages"),
      provider(simulator, "open", "gemini"),
    ]);
  },
  async tools(simulator) {
    await useTools(provider(simulator, "open", "openai-responses"));
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
