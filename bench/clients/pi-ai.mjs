export const packages = ["@mariozechner/pi-ai"];
export const dialects = ["openai"];

export async function setup(base) {
  const { complete, stream } = await import("@mariozechner/pi-ai");
  const model = {
    id: "gpt-bench",
    name: "bench",
    api: "openai-completions",
    provider: "bench",
    baseUrl: `${base}/v1`,
    reasoning: false,
    input: ["text"],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    contextWindow: 100_000,
    maxTokens: 1_000,
  };
  const context = () => ({ messages: [{ role: "user", content: "Say something", timestamp: 0 }] });
  return {
    // Its unary call is a stream that it reads to the end.
    chat: async () => (await complete(model, context(), { apiKey: "key" })).content[0].text,
    stream: async (onText) => {
      for await (const event of stream(model, context(), { apiKey: "key" })) {
        if (event.type === "text_delta") onText(event.delta);
        else if (event.type === "error") throw new Error(event.error.errorMessage);
      }
    },
  };
}
