// Anything that can answer is a provider: an async generator of strings is enough. It has the same timeouts, aborts,
// observers and strategies as a prebuilt one.
import { AiClient, type ChatEvent, defineChatProvider, textOf } from "ai-lib";

const shout = defineChatProvider({
  name: "shout",
  async *stream(request, { signal }) {
    for (const word of textOf(request.messages.at(-1)?.content ?? "").split(" ")) {
      if (signal.aborted) return;
      yield `${word.toUpperCase()} `;
    }
  },
});
console.log((await new AiClient(shout).chat("hello from my own code")).text);

// With more facts: events besides text, and usage and a finish reason at the end.
const thoughtful = defineChatProvider({
  name: "thoughtful",
  model: "thoughtful-1",
  facts: { contextWindow: 8_192, tools: false },
  async *stream(): AsyncGenerator<string | ChatEvent> {
    yield { type: "part-start", index: 0, part: { type: "reasoning" } };
    yield { type: "reasoning-delta", index: 0, text: "Six times seven." };
    yield { type: "part-end", index: 0 };
    yield "42";
    return { finishReason: "stop", usage: { inputTokens: 9, outputTokens: 5, reasoningTokens: 4 } };
  },
});
const answer = await new AiClient(thoughtful).chat("What is six times seven?");
console.log(`${answer.reasoningText} -> ${answer.text} (${answer.usage.outputTokens} tokens)`);
