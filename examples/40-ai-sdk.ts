// A chain of providers as a model of the AI SDK (package `ai`): its functions, agents and tools work as before, and
// failover, breakers and cost are ai-lib's. `fromAiSdk` of the same module takes the AI SDK's models the other way.
import { generateText, stepCountIs, streamText, tool } from "ai";
import { failover, provider } from "ai-lib";
import { aiSdk } from "ai-lib/ai-sdk";
import { z } from "zod";

// "v3" is for `ai` 6; the default "v4" is for `ai` 7.
const models = aiSdk(failover([provider("groq"), provider("openai")]), { specification: "v3" });

const { text, providerMetadata } = await generateText({ model: models("auto"), prompt: "Good evening" });
console.log(text);
console.log("answered by", providerMetadata?.["ai-lib"]?.["provider"]);

const weather = tool({
  description: "The weather of a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `22 degrees in ${city}`,
});
const agent = streamText({
  model: models("auto"),
  prompt: "What is the weather in Bern?",
  tools: { weather },
  stopWhen: stepCountIs(3),
});
for await (const piece of agent.textStream) process.stdout.write(piece);
console.log();
