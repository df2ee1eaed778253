import type { DialectId, ServerHalf } from "../core/contract/dialect.js";
import { configError } from "../core/errors/error.js";

/** Each dialect's server half, loaded when it is asked for. Where dialects share a path, the first one has it. */
const LOADERS: Readonly<Record<DialectId, () => Promise<{ readonly server: ServerHalf }>>> = {
  "openai-chat": openAiChat,
  "openai-responses": () => import("../dialects/openai-responses/server/index.js"),
  "anthropic-messages": () => import("../dialects/anthropic-messages/server/index.js"),
  gemini: () => import("../dialects/gemini/server/index.js"),
  "cohere-chat": () => import("../dialects/cohere-chat/server/index.js"),
  "bedrock-converse": () => import("../dialects/bedrock-converse/server/index.js"),
  "ollama-chat": () => import("../dialects/ollama-chat/server/index.js"),
  "mistral-chat": () => import("../dialects/mistral-chat/server/index.js"),
};

/** The half that clients without a dialect of their own find as well, such as those of Deepgram. */
async function openAiChat(): Promise<{ readonly server: ServerHalf }> {
  const [{ server }, { apiServers }] = await Promise.all([
    import("../dialects/openai-chat/server/index.js"),
    import("../apis/server/index.js"),
  ]);
  return { server: { ...server, apis: apiServers } };
}

/**
 * Loads server halves.
 * @param ids the dialects to speak, in the order in which they may read a request. Default: all.
 * @throws {AiLibError} `CONFIG_ERROR` for a dialect that does not exist.
 */
export async function serverHalves(
  ids: readonly DialectId[] = Object.keys(LOADERS) as DialectId[],
): Promise<readonly ServerHalf[]> {
  return Promise.all(
    ids.map(async (id) => {
      if (!Object.hasOwn(LOADERS, id))
        throw configError(`Unknown dialect "${id}"; known are: ${Object.keys(LOADERS).join(", ")}`);
      return (await LOADERS[id]()).server;
    }),
  );
}
