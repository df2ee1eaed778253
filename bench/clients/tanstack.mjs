export const packages = ["@tanstack/ai", "@tanstack/ai-openai"];
export const dialects = ["openai"];

export async function setup(base) {
  const { chat } = await import("@tanstack/ai");
  const { createOpenaiChatCompletions } = await import("@tanstack/ai-openai");
  const adapter = createOpenaiChatCompletions("gpt-4o", "key", { baseURL: `${base}/v1` });
  const messages = () => [{ role: "user", content: "Say something" }];
  return {
    chat: () => chat({ adapter, messages: messages(), stream: false }),
    stream: async (onText) => {
      for await (const chunk of chat({ adapter, messages: messages() })) {
        if (chunk.type === "TEXT_MESSAGE_CONTENT") onText(chunk.delta);
        else if (chunk.type === "RUN_ERROR") throw new Error(chunk.message);
      }
    },
  };
}
