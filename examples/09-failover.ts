// Ask the next provider when one fails, as the error table allows. Before the first content you do not notice the
// change: one start, one finish.
import { AiClient, failover, provider, retry } from "ai-lib";

const client = new AiClient(
  failover([retry(provider("groq"), { maxRetries: 1 }), provider("anthropic"), provider("openai")]),
);

const answer = await client.chat("Are you there?");

console.log(answer.text);
for (const { target, outcome, code, status } of answer.attempts)
  console.log(`${target.provider}: ${outcome}${code === undefined ? "" : ` ${code} ${status ?? ""}`}`);

// A stream that breaks midway fails with the content so far, unless you ask for recovery: "splice" asks the next
// provider and prints nothing twice, "restart" starts again with a `restart` event.
const stream = client.stream("Tell me a long story.", { midStream: "splice" });
for await (const text of stream.text) process.stdout.write(text);
console.log(`\nended by ${(await stream.response()).provider}`);
