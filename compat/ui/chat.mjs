// The chat of every recipe: a model with a tool, whose answers `useChat` reads.
import { AiClient, defineTool, provider } from "ai-lib";
import { messagesFromUi } from "ai-lib/ui";

const search = defineTool({
  name: "search",
  parameters: { type: "object", properties: { words: { type: "string" } }, required: ["words"] },
  async *execute() {
    yield { percent: 50 };
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return { found: "it" };
  },
});

/** @param {string} baseUrl the base URL of the model */
export function chatOf(baseUrl) {
  const client = new AiClient(provider("openai", { apiKey: "simulated", baseUrl, model: "simulated" }), {
    maxRepeats: 0,
  });
  return ({ messages }) => {
    const wantsSearch = JSON.stringify(messages.at(-1)).includes("search");
    return client.runTools({ messages: messagesFromUi(messages) }, wantsSearch ? [search] : []);
  };
}
