import { AiLibError, type ChatProvider, type DialectId, type ModelInfo } from "ai-lib";
import { targetOf } from "ai-lib/kit";

/** What answers calls under a name. */
export interface Route {
  /** The name, which is also a model that clients may ask for. */
  readonly name: string;
  readonly provider: ChatProvider;
  /** The model that is asked for in place of the name; undefined for each member's own. */
  readonly model?: string | undefined;
}

/** Where a model's name leads. */
export interface Choice {
  readonly route: string;
  readonly provider: ChatProvider;
  /** The model to ask the provider for; undefined for its default. */
  readonly model: string | undefined;
}

/** What a {@link ModelTable} is made of. */
export interface TableParts {
  readonly routes: readonly Route[];
  /** Providers by id: `id/model` names a model of one. */
  readonly providers: ReadonlyMap<string, ChatProvider>;
  /** Whether a provider is known to have a model, for models that are asked for without a provider. */
  knows?(provider: string, model: string): boolean;
}

/** The vendor whose models the clients of a dialect ask for by their bare names. */
const VENDORS: Readonly<Record<DialectId, string>> = {
  "openai-chat": "openai",
  "openai-responses": "openai",
  "anthropic-messages": "anthropic",
  gemini: "google",
  "mistral-chat": "mistral",
  "cohere-chat": "cohere",
  "bedrock-converse": "bedrock",
  "ollama-chat": "ollama",
};

/** Finds what answers a model's name: a route, `provider/model`, or a bare model of a provider that has it. */
export class ModelTable {
  private readonly routes: ReadonlyMap<string, Route>;

  constructor(private readonly parts: TableParts) {
    this.routes = new Map(parts.routes.map((route) => [route.name, route]));
  }

  /**
   * @param dialect that of the client: its own vendor comes first for a bare name
   * @throws {AiLibError} `MODEL_NOT_FOUND` for a name that leads nowhere.
   */
  choose(model: string | undefined, dialect: DialectId): Choice {
    const found = this.find(model, dialect);
    if (found !== undefined) return found;
    throw new AiLibError({
      code: model === undefined ? "INVALID_REQUEST" : "MODEL_NOT_FOUND",
      message:
        model === undefined
          ? "The request names no model, and the gateway has no default route"
          : `The gateway has no model ${JSON.stringify(model)}; GET /v1/models lists what it has`,
      local: true,
    });
  }

  /** The models by their names here. */
  list(): ModelInfo[] {
    const routes = [...this.routes.values()].map(
      ({ name, provider }): ModelInfo => ({ ...provider.facts?.(), id: name, provider: "gateway" }),
    );
    const defaults = [...this.parts.providers].flatMap(([id, provider]): ModelInfo[] => {
      const model = targetOf(provider)?.model;
      return model === undefined ? [] : [{ ...provider.facts?.(), id: `${id}/${model}`, provider: id }];
    });
    return [...routes, ...defaults];
  }

  private find(model: string | undefined, dialect: DialectId): Choice | undefined {
    const route =
      this.routes.get(model ?? "default") ?? (model === "" ? this.routes.get("default") : undefined);
    if (route !== undefined) return { route: route.name, provider: route.provider, model: route.model };
    if (model === undefined || model === "") return this.onlyProvider();
    return this.qualified(model) ?? this.bare(model, dialect);
  }

  private qualified(model: string): Choice | undefined {
    const slash = model.indexOf("/");
    const id = model.slice(0, Math.max(0, slash));
    const provider = this.parts.providers.get(id);
    const rest = model.slice(slash + 1);
    return provider === undefined || rest === "" ? undefined : { route: id, provider, model: rest };
  }

  private bare(model: string, dialect: DialectId): Choice | undefined {
    const own = VENDORS[dialect];
    const { providers, knows } = this.parts;
    const ids = [...providers.keys()];
    const id =
      [own, ...ids].find((one) => providers.has(one) && knows?.(one, model) === true) ??
      (providers.has(own) && !ids.some((one) => knows?.(one, model) === true) ? own : undefined);
    const provider = id === undefined ? undefined : providers.get(id);
    return id === undefined || provider === undefined ? undefined : { route: id, provider, model };
  }

  private onlyProvider(): Choice | undefined {
    const [first, second] = this.parts.providers;
    if (first === undefined || second !== undefined) return undefined;
    return { route: first[0], provider: first[1], model: undefined };
  }
}
