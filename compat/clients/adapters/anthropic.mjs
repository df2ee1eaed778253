// Anthropic's SDK, plain and with its tool runner.
import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";

function bodyOf({ prompt, schema, image, reasoning }) {
  const picture = { type: "image", source: { type: "base64", media_type: "image/png", data: image } };
  return {
    model: "m",
    max_tokens: 4_000,
    messages: [
      { role: "user", content: image === undefined ? prompt : [{ type: "text", text: prompt }, picture] },
    ],
    ...(schema && { output_config: { format: { type: "json_schema", schema } } }),
    ...(reasoning && { thinking: { type: "enabled", budget_tokens: 2_000 } }),
  };
}

function resultOf({ content, usage, stop_reason }) {
  const texts = content.filter(({ type }) => type === "text");
  const text = texts.map((block) => block.text).join("");
  let object;
  try {
    object = JSON.parse(text);
  } catch {}
  return {
    text,
    object,
    reasoning: content.find(({ type }) => type === "thinking")?.thinking,
    sources: texts.flatMap(({ citations }) => (citations ?? []).map(({ url }) => url)),
    refused: stop_reason === "refusal",
    usage: {
      input:
        usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
      output: usage.output_tokens,
    },
  };
}

function plain(base) {
  const client = new Anthropic({ apiKey: "k", baseURL: base, maxRetries: 0 });
  const run = async (body, stream, { signal, onText } = {}) => {
    if (!stream) return client.messages.create(body, { signal });
    const events = client.messages.stream(body, { signal });
    if (onText) events.on("text", () => onText());
    return events.finalMessage();
  };
  return {
    client,
    ask: async (asked) => resultOf(await run(bodyOf(asked), asked.stream, asked)),
    async loop({ prompt, tools, stream }) {
      const body = bodyOf({ prompt });
      body.tools = tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: parameters,
      }));
      for (let turn = 0; turn < 5; turn++) {
        const message = await run(body, stream);
        const calls = message.content.filter(({ type }) => type === "tool_use");
        if (calls.length === 0) return resultOf(message);
        body.messages.push({ role: "assistant", content: message.content });
        body.messages.push({
          role: "user",
          content: calls.map(({ id, name, input }) => ({
            type: "tool_result",
            tool_use_id: id,
            content: tools.find((tool) => tool.name === name).run(input),
          })),
        });
      }
      throw new Error("no end");
    },
  };
}

function runner(base) {
  const { client, ask } = plain(base);
  return {
    ask,
    async loop({ prompt, tools, stream }) {
      const run = client.beta.messages.toolRunner({
        ...bodyOf({ prompt }),
        stream,
        tools: tools.map(({ name, description, parameters, run }) =>
          betaTool({ name, description, inputSchema: parameters, run }),
        ),
      });
      if (stream) for await (const turn of run) for await (const _ of turn);
      return resultOf(await run.runUntilDone());
    },
  };
}

export const clients = [
  { name: "@anthropic-ai/sdk 1", dialect: "anthropic-messages", make: plain },
  { name: "@anthropic-ai/sdk 1, tool runner", dialect: "anthropic-messages", make: runner },
];
