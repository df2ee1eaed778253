import type { DialectId } from "../core/contract/dialect.js";
import { configError } from "../core/errors/error.js";
import { nearest } from "../core/values/nearest.js";
import { CATALOG, type ProviderId } from "./catalog.generated.js";
import { givenBaseUrl } from "./endpoint/base-url.js";
import { kindsOfData, type ProviderData } from "./endpoint/data.js";
import { defineProvider } from "./endpoint/define.js";
import {
  type Environment,
  processEnvironment,
  readVariable,
  variablePrefix,
} from "./endpoint/environment.js";
import { authOf, findKey, keyVariables, wantedKey } from "./endpoint/key.js";
import type { DialectProvider, ProviderOptions } from "./endpoint/provider.js";
import { neededVariables } from "./endpoint/variables.js";

/** A provider as a list shows it. Plain data without secrets. */
export interface ProviderDescription {
  readonly id: string;
  /** The display name. */
  readonly label: string;
  readonly dialect: DialectId;
  /** The one set in the environment, else the provider's own, which may contain `{variables}`. */
  readonly baseUrl: string;
  /** The default model: the one set in the environment, else the provider's own. */
  readonly model?: string;
  /** The kinds of call that it answers. */
  readonly kinds: readonly string[];
  /** Runs on the user's own machine. */
  readonly local: boolean;
  readonly key: {
    /** The variables for it, in the order in which they are read. */
    readonly variables: readonly string[];
    /** The provider works without one. */
    readonly optional: boolean;
    /** The variable that holds it. */
    readonly from?: string;
    /** The page where users get one. */
    readonly url?: string;
  };
  /** Variables of the endpoint: region, resource, project. */
  readonly variables: readonly {
    readonly name: string;
    readonly what: string;
    readonly env: readonly string[];
    readonly default?: string;
    /** The environment variable that sets it. */
    readonly from?: string;
  }[];
  /** The environment has all that is needed to make a provider. A local server need not be running. */
  readonly configured: boolean;
  /** What to set before a provider can be made: `"GROQ_API_KEY"`, `"AWS_REGION or AWS_DEFAULT_REGION"`. */
  readonly missing: readonly string[];
}

/** Makes providers by id. */
export interface ProviderFactory {
  /**
   * Makes the provider of an id.
   * @throws {AiLibError} `CONFIG_ERROR` for an unknown id, with similar ids, and as `defineProvider` does.
   */
  create(id: ProviderId | (string & {}), options?: ProviderOptions): DialectProvider;
  /** Every id, in alphabetical order. */
  ids(): readonly string[];
  /**
   * The data of an id.
   * @throws {AiLibError} `CONFIG_ERROR` for an unknown id, with similar ids.
   */
  data(id: ProviderId | (string & {})): ProviderData;
  /**
   * Describes a provider, and what it would read from an environment (default: that of the process). No I/O.
   * @throws {AiLibError} `CONFIG_ERROR` for an unknown id, with similar ids.
   */
  describe(id: ProviderId | (string & {}), environment?: Environment): ProviderDescription;
  /**
   * The ids of the providers whose key an environment (default: that of the process) holds, most preferred first. Local
   * servers are not among them, since only a request can find out whether one runs. No I/O.
   */
  configured(environment?: Environment): readonly string[];
  /** Compares two known ids for sorting: the most preferred first, those without a preference last and by id. */
  byPreference(a: string, b: string): number;
}

/**
 * A factory of the prebuilt providers and of your own, such as those that `readProviders` reads. Your own replaces a
 * prebuilt one with the same id.
 */
export function factoryOf(own: readonly ProviderData[]): ProviderFactory {
  const table = new Map<string, ProviderData>(Object.entries(CATALOG));
  for (const data of own) table.set(data.id, data);
  const lookUp = (id: string): ProviderData => table.get(id) ?? refuse(id, [...table.keys()]);
  const rank = (id: string): number => lookUp(id).preferred ?? Number.POSITIVE_INFINITY;
  const byPreference = (a: string, b: string): number => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? (a < b ? -1 : 1) : first - second;
  };
  return {
    create: (id, options) => defineProvider(lookUp(id), options),
    ids: () => [...table.keys()].sort(),
    data: lookUp,
    describe: (id, environment = processEnvironment()) => describe(lookUp(id), environment),
    configured(environment = processEnvironment()) {
      const hasKey = (data: ProviderData): boolean => {
        const { configured, key } = describe(data, environment);
        return configured && key.from !== undefined;
      };
      return [...table.values()]
        .filter(hasKey)
        .map(({ id }) => id)
        .sort(byPreference);
    },
    byPreference,
  };
}

/** The factory of the prebuilt providers: `ProviderFactory.create("groq")`. */
export const ProviderFactory: ProviderFactory = /* @__PURE__ */ factoryOf([]);

function refuse(id: string, known: readonly string[]): never {
  if (typeof id !== "string" || id === "")
    throw configError(`A provider's id is a text such as "groq", and was ${id === "" ? "empty" : typeof id}`);
  const near = nearest(id, known)
    .map((each) => `"${each}"`)
    .join(", ");
  const hint = near === "" ? `known are: ${[...known].sort().join(", ")}` : `did you mean ${near}?`;
  const slash = id.includes("/") ? ` To name a model as well, use provider("${id}").` : "";
  throw configError(`There is no provider "${id}"; ${hint}${slash}`);
}

function describe(data: ProviderData, environment: Environment): ProviderDescription {
  const { id } = data;
  const prefix = variablePrefix(id);
  const read = (names: readonly string[]) => readVariable(environment, names);
  const key = findKey(data, environment)?.alias;
  const optional = data.keyOptional === true || authOf(data).style === "none";
  const base = givenBaseUrl(data, undefined, environment) ?? data.baseUrl;
  const model = read([`${prefix}_MODEL`])?.value ?? data.model;
  const needed = neededVariables(data, base);
  const variables = Object.entries(data.variables ?? {}).map(([name, { env, what, default: fallback }]) => {
    const from = read(env)?.name;
    return {
      name,
      what,
      env,
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(from === undefined ? {} : { from }),
    };
  });
  const missing = [
    ...(key === undefined && !optional ? [wantedKey(data)] : []),
    ...variables
      .filter(({ name, from, default: fallback }) => needed.has(name) && (from ?? fallback) === undefined)
      .map(({ env, name }) => (env.length === 0 ? name : env.join(" or "))),
  ];
  return {
    id,
    label: data.label ?? id,
    dialect: data.dialect,
    baseUrl: base,
    ...(model === undefined ? {} : { model }),
    kinds: kindsOfData(data),
    local: data.local === true,
    key: {
      variables: keyVariables(data),
      optional,
      ...(key === undefined ? {} : { from: key }),
      ...(data.keyUrl === undefined ? {} : { url: data.keyUrl }),
    },
    variables,
    configured: missing.length === 0,
    missing,
  };
}
