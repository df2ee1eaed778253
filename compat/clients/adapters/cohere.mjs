// Cohere's SDK.
import { CohereClientV2 } from "cohere-ai";

function plain(base) {
  const client = new CohereClientV2({ token: "k", environment: base, maxRetries: 0 });
  const bodyOf = ({ prompt, schema, image, reasoning }) => ({
    model: "m",
    messages: [
      {
        role: "user",
        content: image
          ? [
              { type: "text", text: prompt },
              { type: "image_url", imageUrl: { url: `data:image/png;base64,${image}` } },
            ]
          : prompt,
      },
    ],
    ...(schema && { responseFormat: { type: "json_object", jsonSchema: schema } }),
    ...(reasoning && { thinking: { type: "enabled" } }),
  });
  const run = async (body, stream, { signal, onText } = {}) => {
    const options = { abortSignal: signal, maxRetries: 0 };
    if (!stream) {
      const { message, finishReason, usage } = await client.chat(body, options);
      return { message, finish: finishReason, usage };
    }
    const message = { role: "assistant", content: [], toolCalls: [], citations: [] };
    let finish;
    let usage;
    for await (const event of await client.chatStream(body, options)) {
      const delta = event.delta?.message;
      switch (event.type) {
        case "content-start":
          message.content[event.index] = { ...delta.content };
          break;
        case "content-delta": {
          const block = message.content[event.index];
          if (delta.content.thinking !== undefined)
            block.thinking = (block.thinking ?? "") + delta.content.thinking;
          else {
            block.text = (block.text ?? "") + delta.content.text;
            onText?.();
          }
          break;
        }
        case "tool-call-start":
          message.toolCalls[event.index] = structuredClone(delta.toolCalls);
          break;
        case "tool-call-delta":
          message.toolCalls[event.index].function.arguments += delta.toolCalls.function.arguments;
          break;
        case "citation-start":
          message.citations.push(delta.citations);
          break;
        case "message-end":
          finish = event.delta.finishReason;
          usage = event.delta.usage;
          if (event.delta.error) throw new Error(event.delta.error);
          break;
      }
    }
    if (finish === undefined) throw new Error("no end");
    message.content = message.content.filter(Boolean);
    message.toolCalls = message.toolCalls.filter(Boolean);
    return { message, finish, usage };
  };
  const resultOf = ({ message, finish, usage }) => {
    const blocks = message.content ?? [];
    const text = blocks
      .filter(({ type }) => type === "text")
      .map((block) => block.text)
      .join("");
    let object;
    try {
      object = JSON.parse(text);
    } catch {}
    return {
      text,
      object,
      reasoning:
        blocks
          .filter(({ type }) => type === "thinking")
          .map(({ thinking }) => thinking)
          .join("") || undefined,
      sources: (message.citations ?? []).flatMap(({ sources }) =>
        sources.map(({ document, toolOutput }) => document?.url ?? toolOutput?.url),
      ),
      refused: finish === "ERROR",
      usage: usage && { input: usage.tokens.inputTokens, output: usage.tokens.outputTokens },
    };
  };
  return {
    ask: async (asked) => resultOf(await run(bodyOf(asked), asked.stream, asked)),
    async loop({ prompt, tools, stream }) {
      const body = bodyOf({ prompt });
      body.tools = tools.map(({ name, description, parameters }) => ({
        type: "function",
        function: { name, description, parameters },
      }));
      for (let turn = 0; turn < 5; turn++) {
        const answer = await run(body, stream);
        const calls = answer.message.toolCalls ?? [];
        if (calls.length === 0) return resultOf(answer);
        body.messages.push({ role: "assistant", toolCalls: calls, toolPlan: answer.message.toolPlan });
        for (const { id, function: called } of calls) {
          const content = tools.find(({ name }) => name === called.name).run(JSON.parse(called.arguments));
          body.messages.push({ role: "tool", toolCallId: id, content });
        }
      }
      throw new Error("no end");
    },
  };
}

const lacks = { refusals: "Cohere's API has no refusal; the text says no" };

export const clients = [{ name: "cohere-ai 8", dialect: "cohere-chat", make: plain, lacks }];
