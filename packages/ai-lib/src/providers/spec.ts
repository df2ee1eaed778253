import { configError } from "../core/errors/error.js";
import type { DialectProvider, ProviderOptions } from "./endpoint/provider.js";
import { ProviderFactory } from "./factory.js";

/** A provider and, where one is named, a model: what `"groq/llama-3.3-70b"` says. */
export interface ProviderSpec {
  readonly id: string;
  /** May hold slashes itself: `"groq/openai/gpt-oss-120b"`. */
  readonly model?: string;
}

/**
 * Reads `provider/model`: the first segment is the provider's id, the rest is the model. Without a slash it is the
 * provider with its default model. Whether there is such a provider is for the factory to say.
 * @throws {AiLibError} `CONFIG_ERROR` where a segment is empty.
 */
export function parseSpec(spec: string): ProviderSpec {
  const slash = spec.indexOf("/");
  const id = (slash < 0 ? spec : spec.slice(0, slash)).trim();
  const model = slash < 0 ? undefined : spec.slice(slash + 1).trim();
  if (id === "" || model === "")
    throw configError(
      `"${spec}" must be a provider, or a provider and a model: "groq" or "groq/openai/gpt-oss-120b"`,
    );
  return model === undefined ? { id } : { id, model };
}

/**
 * The provider that a text names, asking for the model that it names.
 *
 * @example
 * const fast = provider("groq/openai/gpt-oss-20b");
 * const local = provider("ollama/qwen3:4b", { baseUrl: "http://gpu:11434" });
 * @param factory Looks the id up. Default: that of the prebuilt providers.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown provider, naming the nearest, for two models, and as
 *   `defineProvider` does.
 */
export function provider(
  spec: string,
  options: ProviderOptions = {},
  factory: Pick<ProviderFactory, "create"> = ProviderFactory,
): DialectProvider {
  const { id, model } = parseSpec(spec);
  if (model === undefined) return factory.create(id, options);
  if (options.model !== undefined && options.model !== model)
    throw configError(
      `"${spec}" names one model and the option \`model\` another, "${options.model}": name one`,
    );
  return factory.create(id, { ...options, model });
}
