// How much the model thinks before it answers, in the same words for all vendors; each provider gets its own form.
import { AiClient, type Message, provider } from "ai-lib";

const client = new AiClient(provider("anthropic"));

const messages: Message[] = [{ role: "user", content: "How many primes lie between 20 and 40?" }];
const stream = client.stream({ messages, reasoning: { effort: "low" }, maxTokens: 4096 });

for await (const event of stream) {
  if (event.type === "reasoning-delta") process.stdout.write(`(${event.text})`);
  if (event.type === "text-delta") process.stdout.write(event.text);
}

const first = await stream.response();
console.log(`\n${first.usage.reasoningTokens ?? 0} of ${first.usage.outputTokens} tokens were thinking`);

// The message contains the provider's signature of its thinking, which returns to the same vendor.
messages.push(first.message, { role: "user", content: "And their sum?" });
console.log((await client.chat({ messages, maxTokens: 4096 })).text);
