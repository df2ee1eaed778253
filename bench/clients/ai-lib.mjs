/** One provider, no layers. */
export const packages = ["ai-lib"];
export const dialects = ["openai", "anthropic", "gemini"];

export const DIALECTS = { openai: "openai-chat", anthropic: "anthropic-messages", gemini: "gemini" };
const PATH = { openai: "/v1", anthropic: "/v1", gemini: "/v1beta" };

export const request = { messages: [{ role: "user", content: "Say something" }] };

export async function setup(base, dialect) {
  return callsOf(await benchProvider(base, dialect));
}

export async function benchProvider(base, dialect, id = "bench") {
  const { defineProvider } = await import("../../packages/ai-lib/dist/index.js");
  return defineProvider(
    { id, dialect: DIALECTS[dialect], baseUrl: base + PATH[dialect], model: "gpt-bench" },
    { apiKey: "key" },
  );
}

export function callsOf(provider) {
  return {
    chat: async () => (await provider.chat(request)).text,
    stream: async (onText) => {
      for await (const event of provider.stream(request)) if (event.type === "text-delta") onText(event.text);
    },
  };
}
