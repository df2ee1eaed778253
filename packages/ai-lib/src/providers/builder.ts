import type { DialectId } from "../core/contract/dialect.js";
import { Printable } from "../core/contract/printable.js";
import type { Transport } from "../core/contract/transport.js";
import { configError } from "../core/errors/error.js";
import type { ModelFacts } from "../core/values/model.js";
import type { PriceSource } from "../core/values/price.js";
import type { VoiceTable } from "../core/values/speech.js";
import type { ProviderData } from "./endpoint/data.js";
import { defineProvider } from "./endpoint/define.js";
import type { Credential } from "./endpoint/endpoint.js";
import { type Environment, processEnvironment, readVariable } from "./endpoint/environment.js";
import type { DialectProvider, ProviderOptions } from "./endpoint/provider.js";
import type { QuirksOf } from "./endpoint/quirks.js";

type Settings = { -readonly [K in keyof ProviderOptions]: ProviderOptions[K] };

/**
 * Builds a provider step by step. Every setting is optional and takes precedence over the environment and the provider's
 * data. {@link buildProvider} reports mistakes. Each prebuilt provider has a subclass, such as `GroqBuilder`, with its
 * data and a method for each of its variables.
 *
 * @example
 * const groq = new GroqBuilder().withApiKeyEnv("TEAM_GROQ_KEY").withDefaultChatModel("openai/gpt-oss-20b").buildProvider();
 */
export class ProviderBuilder<D extends DialectId = DialectId> extends Printable {
  // A private field does not appear in JSON or when the object is printed: it contains the key.
  readonly #settings: Settings = {};
  private keyVariable: string | undefined;

  /** @param data The provider's data, as `defineProvider` takes it. */
  constructor(private readonly data: ProviderData) {
    super();
  }

  /** The id of its provider. */
  toJSON(): Readonly<Record<string, unknown>> {
    return { provider: this.data.id };
  }

  /** The key, or a function that gets a short-lived token. Default: the provider's variables. */
  withApiKey(key: Credential): this {
    this.#settings.apiKey = key;
    return this;
  }

  /** The variable that holds the key, in place of the provider's own. {@link buildProvider} reads it. */
  withApiKeyEnv(name: string): this {
    this.keyVariable = name;
    return this;
  }

  /** A name for the key in attempt logs. Default: the variable that holds it. */
  withKeyAlias(alias: string): this {
    this.#settings.keyAlias = alias;
    return this;
  }

  /** Another endpoint with the same API: a proxy, a region, a test server. */
  withBaseUrl(url: string): this {
    this.#settings.baseUrl = url;
    return this;
  }

  /** The model of a request that names none. */
  withDefaultChatModel(model: string): this {
    this.#settings.model = model;
    return this;
  }

  /** Facts of models, over those in the provider's data: context window, modalities, price. Adds to earlier calls. */
  withModels(models: Readonly<Record<string, ModelFacts>>): this {
    this.#settings.models = { ...this.#settings.models, ...models };
    return this;
  }

  /** Prices of models whose facts have none: those of `loadPrices()` in `ai-lib/cost`, or your own list. */
  withPrices(prices: PriceSource): this {
    this.#settings.prices = prices;
    return this;
  }

  /** Your own names for voices of the provider. Adds to earlier calls. */
  withVoices(voices: VoiceTable): this {
    this.#settings.voices = { ...this.#settings.voices, ...voices };
    return this;
  }

  /** A header for every request. */
  withHeader(name: string, value: string): this {
    return this.withHeaders({ [name]: value });
  }

  /** Headers for every request. Adds to earlier calls. */
  withHeaders(headers: Readonly<Record<string, string>>): this {
    this.#settings.headers = { ...this.#settings.headers, ...headers };
    return this;
  }

  /** Query parameters for every request. Adds to earlier calls. */
  withQuery(query: Readonly<Record<string, string>>): this {
    this.#settings.query = { ...this.#settings.query, ...query };
    return this;
  }

  /** Deviations of the endpoint from its dialect, over those in the provider's data. Adds to earlier calls. */
  withQuirks(quirks: QuirksOf<D>): this {
    this.#settings.quirks = { ...this.#settings.quirks, ...quirks };
    return this;
  }

  /** The account of the key, for attempt logs and for state that a vendor binds to an account. */
  withAccount(account: string): this {
    this.#settings.account = account;
    return this;
  }

  /** Sends the requests. Default: `node:http` on Node, `fetch` elsewhere. */
  withTransport(transport: Transport): this {
    this.#settings.transport = transport;
    return this;
  }

  /** The environment variables. Default: those of the process. */
  withEnvironment(environment: Environment): this {
    this.#settings.environment = environment;
    return this;
  }

  /**
   * Builds the provider. The builder can be changed and used again.
   * @throws {AiLibError} `CONFIG_ERROR` for a setting that is missing, malformed, unknown or contradicts another. The
   *   message says what to set.
   */
  buildProvider(): DialectProvider {
    const data = this.describe();
    return defineProvider(data, { ...this.#settings, ...this.keyFromVariable(data) });
  }

  /** The data of the provider. */
  protected describe(): ProviderData {
    return this.data;
  }

  /** Sets a variable of the endpoint. Subclasses have a public method for each. */
  protected withVariable(name: string, value: string): this {
    this.#settings.variables = { ...this.#settings.variables, [name]: value };
    return this;
  }

  private keyFromVariable({ id }: ProviderData): ProviderOptions {
    const { keyVariable } = this;
    const settings = this.#settings;
    if (keyVariable === undefined) return {};
    if (settings.apiKey !== undefined)
      throw configError(`The provider "${id}" was given both a key and a variable for it: give one`);
    const found = readVariable(settings.environment ?? processEnvironment(), [keyVariable]);
    if (found === undefined) throw configError(`No key for "${id}": set ${keyVariable}`);
    return { apiKey: found.value, keyAlias: settings.keyAlias ?? keyVariable };
  }
}
