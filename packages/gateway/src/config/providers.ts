import {
  type ChatProvider,
  defineProvider,
  type Environment,
  type PriceSource,
  type ProviderData,
  ProviderFactory,
  type ProviderOptions,
  type Transport,
} from "ai-lib";
import { configError } from "../config-error.js";
import { requirePublicAddress } from "../public-address.js";
import { missingKind } from "./dialect-kinds.js";
import type { Problems } from "./problems.js";
import type { ProviderNode } from "./provider-schema.js";
import type { GatewayConfig } from "./schema.js";
import { readSecret } from "./secrets.js";

/** The parts that providers are made with. */
export interface Means {
  readonly environment: Environment;
  readonly prices: PriceSource;
  readonly transport: Transport | undefined;
}

/** Makes the providers that a file names, with their settings. */
export class Providers {
  /** Names that were requested. */
  readonly used = new Set<string>();
  private readonly made = new Map<string, ChatProvider>();
  private readonly failed = new Set<string>();
  private readonly nodes: ReadonlyMap<string, ProviderNode>;

  constructor(
    config: GatewayConfig,
    private readonly means: Means,
  ) {
    this.nodes = new Map(Object.entries(config.providers ?? {}));
  }

  /** The names in the file. */
  get names(): readonly string[] {
    return [...this.nodes.keys()];
  }

  /** Whether a name is one of the file or of ai-lib. */
  knows(name: string): boolean {
    return this.nodes.has(name) || ProviderFactory.ids().includes(name);
  }

  /**
   * The provider of a name, with a default model of its own.
   * @throws {AiLibError} `CONFIG_ERROR` for a name that neither the file nor ai-lib has, and for wrong settings.
   */
  make(name: string, model?: string): ChatProvider {
    this.used.add(name);
    const key = `${name} ${model ?? ""}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const provider = this.create(name, this.nodes.get(name) ?? {}, model);
    this.made.set(key, provider);
    return provider;
  }

  /**
   * Makes every provider of the file once, so that wrong settings are found although no route names it. Call it before
   * the routes are made: they then do not report the same problem again.
   */
  checkAll(problems: Problems): void {
    for (const name of this.nodes.keys()) {
      const provider = problems.try(["providers", name], () => this.make(name));
      if (provider === undefined) this.failed.add(name);
      else this.used.delete(name);
    }
  }

  /** Whether {@link checkAll} reported a problem of a provider of the file. */
  hasFailed(name: string): boolean {
    return this.failed.has(name);
  }

  /** Whether a provider is known to have a model, for models that clients name without a provider. */
  has(name: string, model: string): boolean {
    const { use = name, dialect } = this.nodes.get(name) ?? {};
    if (dialect !== undefined) return false;
    const { priceId } = ProviderFactory.data(use);
    return this.means.prices.price(use, model, undefined, priceId ?? undefined) !== undefined;
  }

  private create(name: string, node: ProviderNode, model: string | undefined): ChatProvider {
    const { environment, prices, transport } = this.means;
    const { use = name, dialect, baseUrl, kinds, apiKey, headers, ...rest } = node;
    const options: ProviderOptions = {
      ...(rest as Pick<ProviderOptions, "region" | "account" | "variables" | "voices" | "quirks" | "model">),
      environment,
      prices,
      ...(transport !== undefined && { transport }),
      ...(model !== undefined && { model }),
      ...(apiKey !== undefined && { apiKey: readSecret(apiKey, environment) }),
      // Several keys of one vendor have one target apart from it.
      ...(apiKey !== undefined && use !== name && { keyAlias: name }),
      ...(headers !== undefined && { headers: readHeaders(headers, environment) }),
    };
    if (baseUrl !== undefined && URL.canParse(baseUrl)) requirePublicAddress(baseUrl);
    if (kinds !== undefined && dialect === undefined)
      throw configError("`kinds` has no effect without `dialect`");
    if (dialect === undefined)
      return ProviderFactory.create(use, { ...options, ...(baseUrl !== undefined && { baseUrl }) });
    if (node.use !== undefined) throw configError("`use` and `dialect` exclude each other");
    if (baseUrl === undefined) throw configError("an endpoint with a `dialect` of its own needs a `baseUrl`");
    const missing = missingKind(dialect, kinds ?? []);
    if (missing !== undefined)
      throw configError(`the dialect ${dialect} has no calls of the kind ${missing}`);
    const own = {
      ...{ id: name, dialect, baseUrl, auth: { style: apiKey === undefined ? "none" : "bearer" } },
      ...(kinds !== undefined && {
        chat: kinds.includes("chat"),
        kinds: Object.fromEntries(kinds.filter((kind) => kind !== "chat").map((kind) => [kind, {}])),
      }),
    };
    return defineProvider(own as ProviderData, options);
  }
}

function readHeaders(
  headers: NonNullable<ProviderNode["headers"]>,
  environment: Environment,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === "string" ? value : readSecret(value, environment),
    ]),
  );
}
