export const packages = ["openai"];
export const dialects = ["openai"];

export async function setup(base) {
  const { default: OpenAI } = await import("openai");
  const client = new OpenAI({ apiKey: "key", baseURL: `${base}/v1` });
  const request = { model: "gpt-bench", messages: [{ role: "user", content: "Say something" }] };
  return {
    chat: async () => (await client.chat.completions.create(request)).choices[0].message.content,
    stream: async (onText) => {
      const stream = await client.chat.completions.create({
        ...request,
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const chunk of stream) {
        const text = chunk.choices[0]?.delta.content;
        if (text) onText(text);
      }
    },
  };
}
