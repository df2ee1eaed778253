// Mistral's SDK.
import { Mistral } from "@mistralai/mistralai";

function plain(base) {
  const client = new Mistral({ apiKey: "k", serverURL: base, retryConfig: { strategy: "none" } });
  const toolsOf = (tools) =>
    tools.map(({ name, description, parameters }) => ({
      type: "function",
      function: { name, description, parameters },
    }));
  const bodyOf = ({ prompt, schema, image, reasoning }) => ({
    model: "m",
    messages: [
      {
        role: "user",
        content: image
          ? [
              { type: "text", text: prompt },
              { type: "image_url", imageUrl: `data:image/png;base64,${image}` },
            ]
          : prompt,
      },
    ],
    ...(schema && {
      responseFormat: {
        type: "json_schema",
        jsonSchema: { name: "answer", schemaDefinition: schema, strict: true },
      },
    }),
    ...(reasoning && { reasoningEffort: "high" }),
  });
  const run = async (body, stream, { signal, onText } = {}) => {
    const options = { fetchOptions: { signal } };
    if (!stream) {
      const { choices, usage } = await client.chat.complete(body, options);
      return { message: choices[0].message, finish: choices[0].finishReason, usage };
    }
    const message = { role: "assistant", content: [], toolCalls: [] };
    let finish;
    let usage;
    for await (const { data } of await client.chat.stream(body, options)) {
      usage = data.usage ?? usage;
      const [choice] = data.choices;
      if (choice === undefined) continue;
      finish = choice.finishReason ?? finish;
      const { content, toolCalls } = choice.delta;
      if (typeof content === "string") {
        message.content.push({ type: "text", text: content });
        if (content !== "") onText?.();
      } else if (content) message.content.push(...content);
      for (const call of toolCalls ?? []) {
        const known = message.toolCalls.find(({ index }) => index === call.index);
        if (known) known.function.arguments += call.function.arguments;
        else message.toolCalls.push(call);
      }
    }
    if (finish === undefined || finish === null) throw new Error("no finish reason");
    return { message, finish, usage };
  };
  const resultOf = ({ message, finish, usage }) => {
    const parts =
      typeof message.content === "string"
        ? [{ type: "text", text: message.content }]
        : (message.content ?? []);
    const text = parts
      .filter(({ type }) => type === "text")
      .map((one) => one.text)
      .join("");
    let object;
    try {
      object = JSON.parse(text);
    } catch {}
    return {
      text,
      object,
      reasoning:
        parts
          .filter(({ type }) => type === "thinking")
          .flatMap(({ thinking }) => thinking.map((one) => one.text))
          .join("") || undefined,
      sources: parts.filter(({ type }) => type === "reference").map(({ url }) => url),
      refused: finish === "error",
      usage: usage && { input: usage.promptTokens, output: usage.completionTokens },
    };
  };
  return {
    ask: async (asked) => resultOf(await run(bodyOf(asked), asked.stream, asked)),
    async loop({ prompt, tools, stream }) {
      const body = { ...bodyOf({ prompt }), tools: toolsOf(tools) };
      for (let turn = 0; turn < 5; turn++) {
        const answer = await run(body, stream);
        if (!answer.message.toolCalls?.length) return resultOf(answer);
        body.messages.push({ ...answer.message, content: "" });
        for (const { id, function: called } of answer.message.toolCalls) {
          const given =
            typeof called.arguments === "string" ? JSON.parse(called.arguments) : called.arguments;
          const content = tools.find(({ name }) => name === called.name).run(given);
          body.messages.push({ role: "tool", name: called.name, toolCallId: id, content });
        }
      }
      throw new Error("no end");
    },
  };
}

const lacks = {
  citations: "references have no URL in Mistral's API",
  refusals: "Mistral's API has no refusal; the text says no",
};

export const clients = [
  { name: "@mistralai/mistralai 2", dialect: "mistral-chat", route: "mistral-chat", make: plain, lacks },
];
