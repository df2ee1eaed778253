// OpenAI's SDK over the `fetch` of ai-lib, which asks a provider of ai-lib.

export const packages = ["openai"];
export const dialects = ["openai"];

export async function setup(base) {
  const { default: OpenAI } = await import("openai");
  const { defineProvider } = await import("../../packages/ai-lib/dist/index.js");
  const { aiFetch } = await import("../../packages/ai-lib/dist/interop/fetch.js");
  const data = { id: "bench", dialect: "openai-chat", baseUrl: `${base}/v1`, ownDialect: true };
  const fetch = aiFetch(defineProvider(data, { apiKey: "key" }));
  const client = new OpenAI({ apiKey: "key", baseURL: "https://api.openai.com/v1", fetch });
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
