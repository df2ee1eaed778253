import type { ServerHalf } from "../core/dialect.js";

/** The server halves of every dialect, loaded when a simulator starts. */
export async function serverHalves(): Promise<readonly ServerHalf[]> {
  const modules = await Promise.all([
    import("../dialects/openai-chat/server.js"),
    import("../dialects/openai-responses/server.js"),
    import("../dialects/anthropic-messages/server.js"),
    import("../dialects/gemini/server.js"),
    import("../dialects/cohere-chat/server.js"),
    import("../dialects/bedrock-converse/server.js"),
    import("../dialects/ollama-chat/server.js"),
    import("../dialects/mistral-chat/server.js"),
  ]);
  return modules.map(({ server }) => server);
}
