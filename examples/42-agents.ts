// OpenAI's Agents SDK over any vendor: a chain of providers as its ModelProvider.
import { Agent, Runner, tool } from "@openai/agents-core";
import { failover, provider } from "ai-lib";
import { agentModels } from "ai-lib/agents";
import { z } from "zod";

const models = agentModels(failover([provider("groq"), provider("openai")]));

const agent = new Agent({
  name: "Weather man",
  instructions: "Answer in one sentence.",
  tools: [
    tool({
      name: "weather",
      description: "The weather of a city",
      parameters: z.object({ city: z.string() }),
      execute: ({ city }) => `22 degrees in ${city}`,
    }),
  ],
});

const runner = new Runner({ modelProvider: models, tracingDisabled: true });
const result = await runner.run(agent, "What is the weather in Bern?");
console.log(result.finalOutput);
console.log(result.rawResponses.length, "requests");
