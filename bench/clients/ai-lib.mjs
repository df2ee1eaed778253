/** One provider, no layers. */
export const packages = ["ai-lib"];
export const dialects = ["openai", "anthropic", "gemini"];

export const DIALECT = { openai: "openai-chat", anthropic: "anthropic-messages", gemini: "gemini" };
export const PATH = { openai: "/v1", anthropic: "/v1", gemini: "/v1beta" };

export async function setup(base, dialect) {
  const { defineProvider } = await import("../../packages/ai-lib/dist/index.js");
  const provider = defineProvider(
    { id: "bench", dialect: DIALECT[dialect], baseUrl: base + PATH[dialect], model: "gpt-bench" },
    { apiKey: "key" },
  );
  return callsOf(provider);
}

export function callsOf(provider) {
  const request = { messages: [{ role: "user", content: "Say something" }] };
  return {
    chat: async () => (await provider.chat(request)).text,
    stream: async (onText) => {
      for await (const event of provider.stream(request)) if (event.type === "text-delta") onText(event.text);
    },
  };
}
