import { type DialectId, type Kind, type KindApi, ProviderFactory } from "ai-lib";

/** What an endpoint is asked in. */
interface Spoken {
  readonly dialect: DialectId;
  /** Kinds that may have an API of their own, which belongs to no dialect. */
  readonly kinds?: { readonly [K in Kind]?: { readonly api?: KindApi } } | undefined;
}

/** Finds the dialects of providers. */
export class ProviderDialects {
  private readonly known: ReadonlyMap<string, Spoken>;

  /** @param own the dialects of the endpoints that the configuration defines, by their names */
  constructor(own: ReadonlyMap<string, DialectId> = new Map()) {
    const known = new Map<string, Spoken>(ProviderFactory.ids().map((id) => [id, ProviderFactory.data(id)]));
    for (const [name, dialect] of own) known.set(name, { dialect });
    this.known = known;
  }

  /**
   * The dialect of a provider, or the API that it has for a kind in place of its dialect.
   * @returns undefined for a provider that neither ai-lib nor the configuration defines
   */
  of(provider: string, kind: Kind): DialectId | KindApi | undefined {
    const found = this.known.get(provider);
    return found?.kinds?.[kind]?.api ?? found?.dialect;
  }
}
