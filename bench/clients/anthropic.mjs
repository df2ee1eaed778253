export const packages = ["@anthropic-ai/sdk"];
export const dialects = ["anthropic"];

export async function setup(base) {
  const { default: Anthropic } = await import("@anthropic-ai/sdk");
  const client = new Anthropic({ apiKey: "key", baseURL: base });
  const request = {
    model: "claude-bench",
    max_tokens: 1000,
    messages: [{ role: "user", content: "Say something" }],
  };
  return {
    chat: async () => (await client.messages.create(request)).content[0].text,
    stream: async (onText) => {
      for await (const event of await client.messages.create({ ...request, stream: true }))
        if (event.type === "content_block_delta") onText(event.delta.text);
    },
  };
}
