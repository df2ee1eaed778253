// Strategies and wrappers are providers themselves, so they nest in any order.
import {
  AiClient,
  circuitBreaker,
  concurrencyLimit,
  conditional,
  failover,
  provider,
  rateLimit,
  retry,
  roundRobin,
  timeout,
} from "ai-lib";

const fast = roundRobin([
  circuitBreaker(rateLimit(provider("groq"), { requestsPerMinute: 300 })),
  circuitBreaker(provider("together")),
]);
const careful = retry(concurrencyLimit(provider("anthropic"), { limit: 20 }));
const chat = failover([timeout(fast, { totalMs: 20_000 }), careful]);

// Long prompts go to the provider with a large context window, all others through the chain.
const client = new AiClient(
  conditional([
    {
      provider: provider("google"),
      when: (call) => JSON.stringify(call.request).length > 200_000,
    },
    chat,
  ]),
);

console.log(client.name);
// One deadline and one budget of repeats apply to all layers.
const { text, attempts } = await client.chat("Which of you is it?", { maxRepeats: 2 });
console.log(text);
console.log(attempts.map(({ target, outcome }) => `${target.provider} ${outcome}`).join(", "));
