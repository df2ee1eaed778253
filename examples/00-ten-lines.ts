import { AiClientBuilder, configuredProviders } from "ai-lib";

const client = new AiClientBuilder() // one provider for each key in the environment
  .withFailoverChain(configuredProviders()) // if one fails, the next one answers
  .forProduction() // retries, circuit breakers, timeouts
  .build();

const stream = client.stream("Why is the sky blue?");
for await (const text of stream.text) process.stdout.write(text);
console.log(`\nanswered by ${(await stream.response()).provider}`);
