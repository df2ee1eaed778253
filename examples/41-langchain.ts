// A chain of providers as a chat model of LangChain: tools, structured output and streams work as with any other model,
// and failover, breakers and cost are ai-lib's.
import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { failover, provider } from "ai-lib";
import { ChatAiLib } from "ai-lib/langchain";
import { z } from "zod";

const model = new ChatAiLib({ provider: failover([provider("groq"), provider("openai")]) });

for await (const chunk of await model.stream("Good evening")) process.stdout.write(chunk.text);
console.log();

const weather = tool(({ city }) => `22 degrees in ${city}`, {
  name: "weather",
  description: "The weather of a city",
  schema: z.object({ city: z.string() }),
});
const question = new HumanMessage("What is the weather in Bern?");
const bound = model.bindTools([weather]);
const asked = await bound.invoke([question]);
const results = await Promise.all(
  (asked.tool_calls ?? []).map((call) => weather.invoke({ ...call, type: "tool_call" })),
);
const answer = await bound.invoke([question, asked, ...results]);
console.log(answer.text);
