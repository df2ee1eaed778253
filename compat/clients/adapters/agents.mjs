// OpenAI's agents SDK, over both of its APIs.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import {
  Agent,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  Runner,
  setTracingDisabled,
  tool,
} from "@openai/agents";
import { z } from "zod";

// The SDK's own copy of OpenAI's SDK, which may be of another major version.
const agentsRequire = createRequire(createRequire(import.meta.url).resolve("@openai/agents"));
const openaiRequire = createRequire(agentsRequire.resolve("@openai/agents-openai"));
const { default: OpenAI } = await import(pathToFileURL(openaiRequire.resolve("openai")).href);

setTracingDisabled(true);

/** The SDK throws on a refusal, and on an answer that a filter cut. */
function isRefusal(error) {
  return error?.name === "ModelRefusalError" || /response\.incomplete/.test(error?.message ?? "");
}

function adapter(Model) {
  return (base) => {
    const client = new OpenAI({ apiKey: "k", baseURL: `${base}/v1`, maxRetries: 0 });
    const run = async (settings, input, stream, { signal, onText } = {}) => {
      const agent = new Agent({ name: "helper", model: new Model(client, "gpt-5.2"), ...settings });
      const runner = new Runner();
      let result;
      try {
        result = await runner.run(agent, input, { stream, signal });
      } catch (error) {
        if (isRefusal(error)) return { text: "", refused: true };
        throw error;
      }
      if (stream) {
        try {
          for await (const event of result)
            if (event.type === "raw_model_stream_event" && event.data.type === "output_text_delta")
              onText?.();
        } catch (error) {
          if (isRefusal(error)) return { text: "", refused: true };
          throw error;
        }
        await result.completed.catch(() => {});
        if (isRefusal(result.error)) return { text: "", refused: true };
        if (result.error) throw result.error;
      }
      const usage = result.state._context.usage;
      const output = result.newItems.flatMap(({ rawItem }) => rawItem);
      const reasoning = output
        .filter(({ type }) => type === "reasoning")
        .flatMap(({ content = [], rawContent = [] }) => [...content, ...rawContent]);
      return {
        text: typeof result.finalOutput === "string" ? result.finalOutput : "",
        object: result.finalOutput,
        reasoning: reasoning[0]?.text,
        sources: output
          .flatMap(({ content }) =>
            Array.isArray(content)
              ? content.flatMap(({ providerData }) => providerData?.annotations ?? [])
              : [],
          )
          .map(({ url }) => url),
        refused: output.some(
          ({ content }) => Array.isArray(content) && content.some(({ type }) => type === "refusal"),
        ),
        usage: { input: usage.inputTokens, output: usage.outputTokens },
      };
    };
    return {
      ask({ prompt, stream, schema, image, reasoning, signal, onText }) {
        const settings = {
          ...(schema && { outputType: z.object({ city: z.string(), people: z.number().int() }) }),
          ...(reasoning && { modelSettings: { reasoning: { effort: "high", summary: "auto" } } }),
        };
        const input = image
          ? [
              {
                role: "user",
                content: [
                  { type: "input_text", text: prompt },
                  { type: "input_image", image: `data:image/png;base64,${image}` },
                ],
              },
            ]
          : prompt;
        return run(settings, input, stream, { signal, onText });
      },
      loop: ({ prompt, tools, stream }) =>
        run(
          {
            tools: tools.map(({ name, description, run: execute }) =>
              tool({ name, description, parameters: z.object({ city: z.string() }), execute }),
            ),
          },
          prompt,
          stream,
        ),
    };
  };
}

export const clients = [
  {
    name: "@openai/agents, chat",
    dialect: "openai-chat",
    make: adapter(OpenAIChatCompletionsModel),
    lacks: {
      citations: "the model reads no citations of chat completions",
      reasoning: "the model reads no `reasoning_content`",
      "refusals over gemini": "Gemini refuses in the text, and the model shows no finish reason",
    },
  },
  { name: "@openai/agents, responses", dialect: "openai-responses", make: adapter(OpenAIResponsesModel) },
];
