import type { ClientHalf } from "../../core/contract/dialect.js";
import { configError } from "../../core/errors/error.js";
import type { ProviderData } from "./data.js";
import { DialectProvider, type ProviderOptions } from "./provider.js";

/** The data of an endpoint, without its dialect, which is given as a value. */
export type EndpointData = Omit<ProviderData, "dialect">;

/**
 * Makes a provider of one endpoint, whose dialect is given as a value. A bundle contains that dialect alone, and neither
 * file stores, batches nor jobs, which providers of `defineProvider` have. `chat` of a dialect answers chats, and loads what
 * few of them need with the first one that needs it; `client` of `ai-lib/dialects/openai-chat/client` also answers the
 * other kinds of call that the dialect has, and has all code at once.
 *
 * @example
 * import { chat } from "ai-lib/dialects/openai-chat/chat";
 * const labs = endpoint(chat, { id: "labs", baseUrl: "https://llm.labs.example/v1", model: "gpt-x" }, { apiKey: "..." });
 * @throws {AiLibError} `CONFIG_ERROR` as `defineProvider` does; also for a kind with an API that belongs to no dialect.
 */
export function endpoint(
  dialect: ClientHalf,
  data: EndpointData,
  options: ProviderOptions = {},
): DialectProvider {
  if (typeof dialect !== "object" || dialect === null || typeof dialect.encode !== "function")
    throw configError(
      "endpoint takes a dialect: `chat` of ai-lib/dialects/openai-chat/chat, `client` of ai-lib/dialects/openai-chat/client, or that of another dialect",
    );
  return new DialectProvider({ ...data, dialect: dialect.id } as ProviderData, options, {
    dialectClient: () => dialect,
    loadKindApi: (kind, api) =>
      Promise.reject(configError(`The API "${api}" of ${kind} is not in this bundle; use defineProvider`)),
  });
}
