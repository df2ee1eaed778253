export const packages = ["@google/genai"];
export const dialects = ["gemini"];

export async function setup(base) {
  const { GoogleGenAI } = await import("@google/genai");
  const client = new GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: base } });
  const request = { model: "gemini-bench", contents: "Say something" };
  return {
    chat: async () => (await client.models.generateContent(request)).text,
    stream: async (onText) => {
      for await (const chunk of await client.models.generateContentStream(request))
        if (chunk.text) onText(chunk.text);
    },
  };
}
