// Ollama's SDK.
import { Ollama } from "ollama";

function plain(base) {
  const bodyOf = ({ prompt, schema, image, reasoning }) => ({
    model: "m",
    messages: [{ role: "user", content: prompt, ...(image && { images: [image] }) }],
    ...(schema && { format: schema }),
    ...(reasoning && { think: true }),
  });
  const run = async (body, stream, { signal, onText } = {}) => {
    const client = new Ollama({ host: base });
    if (!stream) return client.chat(body);
    const answer = { message: { role: "assistant", content: "", thinking: "", tool_calls: [] } };
    const chunks = await client.chat({ ...body, stream: true });
    signal?.addEventListener("abort", () => chunks.abort());
    for await (const { message, ...rest } of chunks) {
      answer.message.content += message.content ?? "";
      answer.message.thinking += message.thinking ?? "";
      answer.message.tool_calls.push(...(message.tool_calls ?? []));
      if (message.content) onText?.();
      Object.assign(answer, rest);
    }
    if (answer.done !== true) throw new Error("no end");
    return answer;
  };
  const resultOf = ({ message, prompt_eval_count, eval_count }) => {
    let object;
    try {
      object = JSON.parse(message.content);
    } catch {}
    return {
      text: message.content,
      object,
      reasoning: message.thinking || undefined,
      usage: { input: prompt_eval_count, output: eval_count },
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
        const { message, ...facts } = await run(body, stream);
        if (!message.tool_calls?.length) return resultOf({ message, ...facts });
        body.messages.push(message);
        for (const { function: called } of message.tool_calls) {
          const content = tools.find(({ name }) => name === called.name).run(called.arguments);
          body.messages.push({ role: "tool", tool_name: called.name, content });
        }
      }
      throw new Error("no end");
    },
  };
}

const lacks = {
  citations: "Ollama's API has no citations",
  refusals: "Ollama's API has no refusal; the text says no",
};

export const clients = [{ name: "ollama 0.6", dialect: "ollama-chat", make: plain, lacks }];
