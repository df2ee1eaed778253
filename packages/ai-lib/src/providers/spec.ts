import { configError } from "../core/errors/error.js";
import type { KnownTarget, ProviderId } from "./catalog.generated.js";
import type { DialectProvider, ProviderOptions } from "./endpoint/provider.js";
import { ProviderFactory } from "./factory.js";

/**
 * The target of a call as a text: a provider, `"groq"`, or a provider and a model, `"groq/openai/gpt-oss-120b"`.
 * Editors complete the prebuilt providers and the models in their data; any other provider and model is possible.
 */
export type TargetName = ProviderId | KnownTarget | (string & {});

/** A provider and optionally a model, as in `"groq/llama-3.3-70b"`. */
export interface ProviderSpec {
  readonly id: string;
  /** May contain slashes itself: `"groq/openai/gpt-oss-120b"`. */
  readonly model?: string;
}

/**
 * Parses `provider/model`: the first segment is the id of the provider, the rest is the model. Without a slash, the
 * provider has its default model. Does not check that the provider exists.
 * @throws {AiLibError} `CONFIG_ERROR` for an empty segment.
 */
export function parseSpec(spec: TargetName): ProviderSpec {
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
 * Makes the provider and model that a text names.
 *
 * @example
 * const fast = provider("groq/openai/gpt-oss-20b");
 * const local = provider("ollama/qwen3:4b", { baseUrl: "http://gpu:11434" });
 * @param factory Finds the provider by its id. Default: that of the prebuilt providers.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown provider, with similar ids, for two different models, and as
 *   `defineProvider` does.
 */
export function provider(
  spec: TargetName,
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

/**
 * Makes a provider for each key in the environment, with its default model, most preferred first: what a chain such as
 * `failover(configuredProviders())` needs. Where two providers read the same key, such as the two APIs of OpenAI, the
 * preferred one is made. Local servers are not among them.
 *
 * @example
 * const client = new AiClient(failover(configuredProviders()));
 * @param options Options of each provider. A model or a key cannot be among them, since each provider has its own.
 * @param factory Finds the providers. Default: the prebuilt ones.
 * @throws {AiLibError} `CONFIG_ERROR` if the environment has no key; the message says what to set.
 */
export function configuredProviders(
  options: Omit<ProviderOptions, "apiKey" | "keyAlias" | "model" | "baseUrl"> = {},
  factory: Pick<ProviderFactory, "configured" | "create" | "describe"> = ProviderFactory,
): DialectProvider[] {
  const { environment } = options;
  const seen = new Set<string | undefined>();
  const ids = factory.configured(environment).filter((id) => {
    const { from } = factory.describe(id, environment).key;
    return !seen.has(from) && seen.add(from);
  });
  if (ids.length === 0)
    throw configError(
      'No provider has a key in the environment: set one, such as OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or GROQ_API_KEY. ProviderFactory.ids() lists all providers; provider("ollama") needs no key',
    );
  return ids.map((id) => factory.create(id, options));
}
