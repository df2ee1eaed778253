import type { ClientHalf } from "../../core/contract/dialect.js";
import { AiLibError, configError } from "../../core/errors/error.js";
import type { ProviderData } from "./data.js";
import { isPlainData } from "./plain-data.js";
import { DialectProvider, type ProviderOptions } from "./provider.js";

/** The data of an endpoint, without its dialect, which is given as a value. */
export type EndpointData = Omit<ProviderData, "dialect">;

/**
 * Makes a provider of one endpoint, whose dialect is given as a value. A bundle contains that dialect alone, and neither
 * file stores, batches nor jobs, which providers of `defineProvider` have. `chat` of a dialect answers chats, and loads what
 * few of them need with the first one that needs it; `client` of `ai-lib/dialects/openai-chat/client` also answers the
 * other kinds of call that the dialect has, and has all code at once.
 *
 * Data with more than an id, an address, a model and a key as a bearer token are checked by code that the first call loads:
 * that call fails with `CONFIG_ERROR` where `defineProvider` throws it.
 *
 * @example
 * import { chat } from "ai-lib/dialects/openai-chat/chat";
 * const labs = endpoint(chat, { id: "labs", baseUrl: "https://llm.labs.example/v1", model: "gpt-x" }, { apiKey: "..." });
 * @throws {AiLibError} `CONFIG_ERROR` for a missing key, a malformed URL and settings that contradict each other. A call
 *   of a kind with an API that belongs to no dialect fails with it.
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
  const whole = { ...data, dialect: dialect.id } as ProviderData;
  const checked = async (): Promise<ClientHalf> => {
    const { checkSettings } = await import("./shape.js");
    checkSettings(whole, options);
    return dialect;
  };
  const isPlain = isPlainData(whole, options);
  try {
    return new DialectProvider(whole, options, {
      dialectClient: () => (isPlain ? dialect : checked()),
      loadKindApi: (kind, api) =>
        Promise.reject(configError(`The API "${api}" of ${kind} is not in this bundle; use defineProvider`)),
    });
  } catch (error) {
    if (AiLibError.is(error)) throw error;
    throw configError(`A setting of "${whole.id}" has a wrong type; defineProvider says which`);
  }
}
