export const packages = ["@langchain/openai", "@langchain/core"];
export const dialects = ["openai"];

export async function setup(base) {
  const { ChatOpenAI } = await import("@langchain/openai");
  const model = new ChatOpenAI({
    apiKey: "key",
    model: "gpt-bench",
    useResponsesApi: false,
    configuration: { baseURL: `${base}/v1` },
  });
  return {
    chat: async () => (await model.invoke("Say something")).text,
    stream: async (onText) => {
      for await (const chunk of await model.stream("Say something")) if (chunk.text) onText(chunk.text);
    },
  };
}
