import type { DialectId } from "../../core/contract/dialect.js";
import type { AuthStyle } from "../../core/contract/transport.js";
import { configError } from "../../core/errors/error.js";
import type { ModelFacts, Price } from "../../core/values/model.js";
import { ProviderBuilder } from "../builder.js";
import type { ProviderData, ProviderFields } from "../endpoint/data.js";

type Draft = { -readonly [K in keyof ProviderFields<DialectId>]: ProviderFields<DialectId>[K] };

/**
 * Builds a provider of any endpoint that speaks one of the dialects. It needs a key unless {@link withoutApiKey} is
 * called: given, or in `<ID>_API_KEY`, which is `LABS_API_KEY` for `labs`.
 *
 * @example
 * const labs = new CustomProviderBuilder("labs")
 *   .withBaseUrl("https://llm.labs.example/v1")
 *   .withApiKeyEnv("LABS_KEY")
 *   .withDefaultChatModel("gpt-x")
 *   .buildProvider();
 */
export class CustomProviderBuilder<D extends DialectId = "openai-chat"> extends ProviderBuilder<D> {
  private readonly draft: Draft;
  private facts: ModelFacts = {};

  /**
   * @param id Lower-case letters, digits and dashes: the name in attempt logs and metrics, and the key of `extensions`.
   */
  constructor(id: string) {
    const draft: Draft = { id, dialect: "openai-chat", baseUrl: "" };
    super(draft as ProviderData);
    this.draft = draft;
  }

  /** Scheme, host and path prefix: what comes before `/chat/completions` or the like. Required. */
  override withBaseUrl(url: string): this {
    this.draft.baseUrl = url;
    return super.withBaseUrl(url);
  }

  /** The wire format, which decides what quirks {@link withQuirks} accepts. Default: `"openai-chat"`. */
  withDialect<E extends DialectId>(dialect: E): CustomProviderBuilder<E> {
    this.draft.dialect = dialect;
    return this as unknown as CustomProviderBuilder<E>;
  }

  /** How the key is sent. Default: `Authorization: Bearer <key>`. */
  withAuth(auth: AuthStyle): this {
    this.draft.auth = auth;
    return this;
  }

  /** The endpoint needs no key, as local servers do. A key that is set is still sent. */
  withoutApiKey(): this {
    this.draft.keyOptional = true;
    return this;
  }

  override withDefaultChatModel(model: string): this {
    this.draft.model = model;
    return super.withDefaultChatModel(model);
  }

  /** Facts of the default model: context window, modalities, tools. Adds to earlier calls. */
  withCapabilities(facts: ModelFacts): this {
    this.facts = { ...this.facts, ...facts };
    return this;
  }

  /** The price of the default model, in US dollars per million tokens. */
  withPrice(price: Price): this {
    return this.withCapabilities({ price });
  }

  /** The display name. Default: the id. */
  withLabel(label: string): this {
    this.draft.label = label;
    return this;
  }

  /** The path of chat calls, if it is not that of the dialect. May contain `{model}`. */
  withPath(path: string): this {
    this.draft.path = path;
    return this;
  }

  /** The path of the free list of models, if it is not that of the dialect. Null: there is no list. */
  withModelsPath(path: string | null): this {
    this.draft.modelsPath = path;
    return this;
  }

  protected override describe(): ProviderData {
    const { draft, facts } = this;
    const { id, baseUrl, model } = draft;
    if (baseUrl === "") throw configError(`The provider "${id}" has no base URL: call withBaseUrl`);
    if (Object.keys(facts).length === 0) return { ...draft } as ProviderData;
    if (model === undefined)
      throw configError(
        `The provider "${id}" has capabilities or a price but no default model: call withDefaultChatModel, or give them by model with withModels`,
      );
    return { ...draft, models: { [model]: facts } } as ProviderData;
  }
}
