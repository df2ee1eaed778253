import { AiClientBuilder } from "ai-lib";

const client = new AiClientBuilder("groq") // the key is read from GROQ_API_KEY
  .withFailoverChain(["openai", "anthropic"]) // and from theirs
  .forProduction() // retries, circuit breakers, timeouts that notice a dead route
  .build();

const stream = client.stream("Why is the sky blue?");
for await (const text of stream.text) process.stdout.write(text);
console.log(`\nanswered by ${(await stream.response()).provider}`);
