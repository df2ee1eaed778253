import type { KindCodec } from "../core/contract/dialect.js";
import { configError } from "../core/errors/error.js";
import type { Kind } from "../core/values/kinds.js";

type Loader<K extends Kind> = () => Promise<{ readonly codec: KindCodec<K> }>;

/** APIs of single kinds that belong to no dialect, by kind and name, loaded at first use. */
const LOADERS = {
  embed: {
    "voyage-embeddings": () => import("./voyage-embeddings.js"),
    "jina-embeddings": () => import("./jina-embeddings.js"),
    "perplexity-embeddings": () => import("./perplexity-embeddings.js"),
    "vertex-embeddings": () => import("./vertex-embeddings.js"),
    "hf-feature-extraction": () => import("./hf-feature-extraction.js"),
  },
  rerank: {
    "cohere-rerank": () => import("./cohere-rerank.js"),
    "voyage-rerank": () => import("./voyage-rerank.js"),
    "bedrock-rerank": () => import("./bedrock-rerank.js"),
  },
  countTokens: {
    "openai-input-tokens": () => import("./openai-input-tokens.js"),
  },
} satisfies { readonly [K in Kind]?: Readonly<Record<string, Loader<K>>> };

/** The names of the APIs of a kind that belong to no dialect. */
export type KindApi = { [K in keyof typeof LOADERS]: keyof (typeof LOADERS)[K] }[keyof typeof LOADERS];

const table: Readonly<Record<string, Readonly<Record<string, Loader<Kind>>>>> = LOADERS as never;

/** The names of all APIs, by kind. */
export const KIND_APIS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(table).map(([kind, loaders]) => [kind, Object.keys(loaders)]),
);

/**
 * Loads the codec of an API.
 * @throws {AiLibError} `CONFIG_ERROR` for one that does not exist.
 */
export async function loadKindApi(kind: Kind, api: string): Promise<KindCodec<Kind>> {
  const loaders = Object.hasOwn(table, kind) ? table[kind] : undefined;
  const load = loaders !== undefined && Object.hasOwn(loaders, api) ? loaders[api] : undefined;
  if (load === undefined)
    throw configError(
      `There is no API "${api}" of the kind "${kind}"; known are: ${KIND_APIS[kind]?.join(", ") ?? "none"}`,
    );
  return (await load()).codec;
}
