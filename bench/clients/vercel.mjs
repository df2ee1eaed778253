export const packages = ["ai", "@ai-sdk/openai"];
export const dialects = ["openai"];

export async function setup(base) {
  const { generateText, streamText } = await import("ai");
  const { createOpenAI } = await import("@ai-sdk/openai");
  const model = createOpenAI({ apiKey: "key", baseURL: `${base}/v1` }).chat("gpt-bench");
  return {
    chat: async () => (await generateText({ model, prompt: "Say something" })).text,
    stream: async (onText) => {
      for await (const text of streamText({ model, prompt: "Say something" }).textStream)
        if (text) onText(text);
    },
  };
}
