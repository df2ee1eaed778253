import type { ServerHalf } from "../core/contract/dialect.js";

/** The server halves of every dialect, loaded when a simulator starts. */
export async function serverHalves(): Promise<readonly ServerHalf[]> {
  const modules = await Promise.all([
    import("../dialects/openai-chat/server/index.js"),
    import("../dialects/openai-responses/server/index.js"),
    import("../dialects/anthropic-messages/server/index.js"),
    import("../dialects/gemini/server/index.js"),
    import("../dialects/cohere-chat/server/index.js"),
    import("../dialects/bedrock-converse/server/index.js"),
    import("../dialects/ollama-chat/server/index.js"),
    import("../dialects/mistral-chat/server/index.js"),
  ]);
  return modules.map(({ server }) => server);
}
