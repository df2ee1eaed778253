import {
  AiLibError,
  type ChatProvider,
  type DialectId,
  type MidStream,
  type ModelInfo,
  type Timeouts,
} from "ai-lib";
import { targetOf } from "ai-lib/kit";
import type { ChosenRoute } from "./chosen-route.js";
import type { HeaderRulesNode } from "./config/route-schema.js";
import type { LoadedHook } from "./hooks/load-hook.js";

/** How the calls of a route are made. */
export interface RouteSettings {
  readonly timeouts?: Timeouts | undefined;
  readonly midStream?: Exclude<MidStream, "restart"> | undefined;
  readonly maxRepeats?: number | undefined;
  readonly maxAttempts?: number | undefined;
  /** Pass the client's bytes to providers of its dialect. Default true. */
  readonly bytes?: boolean | undefined;
  readonly headers?: HeaderRulesNode | undefined;
  readonly hooks?: readonly LoadedHook[] | undefined;
}

/** What answers calls under a name. */
export interface Route {
  /** The name, which is also a model that clients may ask for. */
  readonly name: string;
  readonly provider: ChatProvider;
  /** The model that is asked for in place of the name; undefined for each member's own. */
  readonly model?: string | undefined;
  readonly settings?: RouteSettings | undefined;
}

/** Where a model's name leads. */
export interface Choice extends ChosenRoute {
  readonly settings: RouteSettings;
}

/** What a {@link ModelTable} is made of. */
export interface TableParts {
  readonly routes: readonly Route[];
  /** Providers by id: `id/model` names a model of one. */
  readonly providers: ReadonlyMap<string, ChatProvider>;
  /** Whether a provider is known to have a model, for models that are asked for without a provider. */
  knows?(provider: string, model: string): boolean;
  /** Other names, each with its model. A name may end with `*`, whose text replaces that of the target. */
  readonly aliases?: readonly (readonly [string, string])[] | undefined;
  /** The route of requests without a model, and of models that no provider is known to have. Default: the route `default`, for the former. */
  readonly fallback?: string | undefined;
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

const NONE: RouteSettings = {};

/**
 * Finds what answers a model's name, in this order: a route, `provider/model`, an alias, a provider that is known to have
 * the model, the default route, and the vendor of the client's dialect, which may have models that are newer than our
 * list.
 */
export class ModelTable {
  private readonly routes: ReadonlyMap<string, Route>;
  private readonly exact: ReadonlyMap<string, string>;
  /** Aliases that end with `*`, the longest first. */
  private readonly prefixes: readonly (readonly [string, string])[];

  constructor(private readonly parts: TableParts) {
    this.routes = new Map(parts.routes.map((route) => [route.name, route]));
    const { aliases = [] } = parts;
    this.exact = new Map(aliases.filter(([name]) => !name.endsWith("*")));
    this.prefixes = aliases
      .filter(([name]) => name.endsWith("*"))
      .map(([name, target]) => [name.slice(0, -1), target] as const)
      .sort(([a], [b]) => b.length - a.length);
  }

  /**
   * @param dialect that of the client: its own vendor comes first for a bare name
   * @throws {AiLibError} `MODEL_NOT_FOUND` for a name that leads nowhere.
   */
  choose(model: string | undefined, dialect: DialectId): Choice {
    const found = this.find(model === "" ? undefined : model, dialect);
    if (found !== undefined) return found;
    throw new AiLibError({
      code: model === undefined ? "INVALID_REQUEST" : "MODEL_NOT_FOUND",
      message:
        model === undefined
          ? "The request names no model, and the gateway has no default route"
          : `The gateway has no model ${JSON.stringify(model.slice(0, 200))}; GET /v1/models lists what it has`,
      local: true,
    });
  }

  /** Whether a name leads anywhere. */
  leads(name: string): boolean {
    return this.named(name) !== undefined;
  }

  /** What answers a route or `provider/model`; undefined for other names. */
  named(name: string): Choice | undefined {
    return this.ofRoute(name) ?? this.qualified(name);
  }

  /** What answers, by its names: the routes, and the providers that clients may ask directly. */
  served(): readonly { readonly name: string; readonly provider: ChatProvider }[] {
    const direct = [...this.parts.providers].filter(([name]) => !this.routes.has(name));
    return [...this.routes.values(), ...direct.map(([name, provider]) => ({ name, provider }))];
  }

  /** The models by their names here. */
  list(): ModelInfo[] {
    const routes = [...this.routes.values()].map(
      ({ name, provider }): ModelInfo => ({ ...provider.facts?.(), id: name, provider: "gateway" }),
    );
    const aliases = [...this.exact.keys()].map((id): ModelInfo => ({ id, provider: "gateway" }));
    const defaults = [...this.parts.providers].flatMap(([id, provider]): ModelInfo[] => {
      const model = targetOf(provider)?.model;
      return model === undefined ? [] : [{ ...provider.facts?.(), id: `${id}/${model}`, provider: id }];
    });
    return [...routes, ...aliases, ...defaults];
  }

  /** The names of what is served, for people: that of a provider without a default model is `id/<model>`. */
  names(): string[] {
    const bare = [...this.parts.providers].flatMap(([id, provider]) =>
      targetOf(provider)?.model === undefined ? [`${id}/<model>`] : [],
    );
    return [...this.list().map(({ id }) => id), ...bare];
  }

  private find(model: string | undefined, dialect: DialectId): Choice | undefined {
    if (model === undefined) return this.fallback() ?? this.ofRoute("default") ?? this.onlyProvider();
    const other = this.aliased(model);
    return (
      this.named(model) ??
      (other === undefined ? undefined : this.named(other)) ??
      this.known(model, dialect) ??
      this.fallback() ??
      this.ofProvider(VENDORS[dialect], model)
    );
  }

  private aliased(model: string): string | undefined {
    const exact = this.exact.get(model);
    if (exact !== undefined) return exact;
    const found = this.prefixes.find(([prefix]) => model.startsWith(prefix));
    return found?.[1].replace("*", () => model.slice(found[0].length));
  }

  private ofRoute(name: string): Choice | undefined {
    const route = this.routes.get(name);
    if (route === undefined) return undefined;
    return { route: name, provider: route.provider, model: route.model, settings: route.settings ?? NONE };
  }

  private qualified(model: string): Choice | undefined {
    const slash = model.indexOf("/");
    const rest = model.slice(slash + 1);
    return slash === -1 || rest === "" ? undefined : this.ofProvider(model.slice(0, slash), rest);
  }

  /** The provider that is known to have a model: the vendor of the client's dialect before others. */
  private known(model: string, dialect: DialectId): Choice | undefined {
    const { providers, knows } = this.parts;
    for (const id of [VENDORS[dialect], ...providers.keys()])
      if (providers.has(id) && knows?.(id, model) === true) return this.ofProvider(id, model);
    return undefined;
  }

  private ofProvider(id: string, model: string | undefined): Choice | undefined {
    const provider = this.parts.providers.get(id);
    return provider === undefined ? undefined : { route: id, provider, model, settings: NONE };
  }

  private onlyProvider(): Choice | undefined {
    const [first, second] = this.parts.providers.keys();
    return first === undefined || second !== undefined ? undefined : this.ofProvider(first, undefined);
  }

  private fallback(): Choice | undefined {
    const { fallback } = this.parts;
    return fallback === undefined ? undefined : this.ofRoute(fallback);
  }
}
