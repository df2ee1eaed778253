// Mastra's agents, with a model of its own router and a custom address.
import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import { z } from "zod";

function make(base) {
  const agentOf = (tools = {}) =>
    new Agent({
      id: "helper",
      name: "helper",
      instructions: "Help.",
      model: { providerId: "house", modelId: "m", url: `${base}/v1`, apiKey: "k" },
      maxRetries: 0,
      tools,
    });
  const run = async (agent, input, settings, stream, onText) => {
    const options = { maxSteps: 5, modelSettings: { maxRetries: 0 }, ...settings };
    if (!stream) {
      const answer = await agent.generate(input, options);
      if (answer.error) throw answer.error;
      return answer;
    }
    const answer = await agent.stream(input, options);
    for await (const chunk of answer.fullStream) {
      if (chunk.type === "error") throw chunk.payload.error;
      if (chunk.type === "abort") throw new Error("aborted");
      if (chunk.type === "text-delta") onText?.();
    }
    return answer;
  };
  const resultOf = async (answer) => {
    const usage = await answer.totalUsage;
    const finish = await answer.finishReason;
    if (finish === "error") throw new Error("the finish reason is error");
    return {
      text: await answer.text,
      object: await answer.object,
      reasoning: (await answer.reasoningText) || undefined,
      sources: (await answer.sources).map((source) => (source.payload ?? source).url),
      refused: finish === "content-filter",
      usage: { input: usage.inputTokens, output: usage.outputTokens },
    };
  };
  return {
    async ask({ prompt, stream, schema, image, reasoning, signal, onText }) {
      const settings = {
        abortSignal: signal,
        ...(schema && {
          structuredOutput: { schema: z.object({ city: z.string(), people: z.number().int() }) },
        }),
        ...(reasoning && { providerOptions: { house: { reasoningEffort: "high" } } }),
      };
      const input = image
        ? [
            {
              role: "user",
              content: [
                { type: "text", text: prompt },
                { type: "image", image, mediaType: "image/png" },
              ],
            },
          ]
        : prompt;
      return resultOf(await run(agentOf(), input, settings, stream, onText));
    },
    async loop({ prompt, tools, stream }) {
      const offered = Object.fromEntries(
        tools.map(({ name, description, run: execute }) => [
          name,
          createTool({
            id: name,
            description,
            inputSchema: z.object({ city: z.string() }),
            execute: async (input) => execute(input.context ?? input),
          }),
        ]),
      );
      return resultOf(await run(agentOf(offered), prompt, {}, stream));
    },
  };
}

export const clients = [
  {
    name: "@mastra/core",
    dialect: "openai-chat",
    make,
    lacks: {
      citations: "its provider reads no citations",
      usage: "its provider asks for no usage in a stream",
    },
  },
];
