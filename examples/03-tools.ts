// Tools: the client runs the tools that the model calls, in parallel, and asks again until the model answers.
import { AiClient, defineTool, provider } from "ai-lib";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

const weather = defineTool({
  name: "weather",
  description: "The weather in a city, now",
  // A JSON Schema, or a schema of zod, valibot or arktype, which also gives `args` a type.
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
  execute(args) {
    const { city } = args as { city: string };
    return { city, celsius: 21, sky: "clear" };
  },
});

const run = await client.runTools("What should I wear in Lisbon today?", [weather], {
  onRound: ({ round, results }) => console.log(`round ${round}: ${results.length} tool result(s)`),
});

console.log(run.response.text);
console.log(`${run.messages.length} messages, ready to go on from`);
