import type { KindCodec } from "../core/contract/dialect.js";
import { configError } from "../core/errors/error.js";
import type { Kind } from "../core/values/kinds.js";
import type { KIND_APIS } from "./names.js";

export type { KindApi } from "./names.js";

type Loader<K extends Kind> = () => Promise<{ readonly codec: KindCodec<K> }>;

type Names = { readonly [K in keyof typeof KIND_APIS]: (typeof KIND_APIS)[K][number] };

/** APIs of single kinds that belong to no dialect, by kind and name, loaded at first use. */
const LOADERS: { readonly [K in keyof Names]: Readonly<Record<Names[K], Loader<K>>> } = {
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
  transcribe: {
    "deepgram-listen": () => import("./deepgram-listen.js"),
    "elevenlabs-transcription": () => import("./elevenlabs-transcription.js"),
    "cartesia-transcription": () => import("./cartesia-transcription.js"),
    "cohere-transcription": () => import("./cohere-transcription.js"),
    "xai-transcription": () => import("./xai-transcription.js"),
    "hf-transcription": () => import("./hf-transcription.js"),
    "openai-transcription": () => import("./openai-transcription.js"),
    "assemblyai-transcription": () => import("./assemblyai-transcription.js"),
    "gladia-transcription": () => import("./gladia-transcription.js"),
    "revai-transcription": () => import("./revai-transcription.js"),
    "fal-transcription": () => import("./fal-transcription.js"),
  },
  speak: {
    "deepgram-speak": () => import("./deepgram-speak.js"),
    "elevenlabs-speak": () => import("./elevenlabs-speak.js"),
    "cartesia-speak": () => import("./cartesia-speak.js"),
    "xai-speak": () => import("./xai-speak.js"),
    "replicate-speak": () => import("./replicate-speak.js"),
  },
  image: {
    "xai-images": () => import("./xai-images.js"),
    "openrouter-images": () => import("./openrouter-images.js"),
    "bfl-images": () => import("./bfl-images.js"),
    "fal-images": () => import("./fal-images.js"),
    "replicate-images": () => import("./replicate-images.js"),
  },
  moderate: { "azure-content-safety": () => import("./azure-content-safety.js") },
  countTokens: {
    "openai-input-tokens": () => import("./openai-input-tokens.js"),
  },
};

const table: Readonly<Record<string, Readonly<Record<string, Loader<Kind>>>>> = LOADERS as never;

/**
 * Loads the codec of an API.
 * @throws {AiLibError} `CONFIG_ERROR` for one that does not exist.
 */
export async function loadKindApi(kind: Kind, api: string): Promise<KindCodec<Kind>> {
  const loaders = Object.hasOwn(table, kind) ? table[kind] : undefined;
  const load = loaders !== undefined && Object.hasOwn(loaders, api) ? loaders[api] : undefined;
  if (load === undefined)
    throw configError(
      `There is no API "${api}" of the kind "${kind}"; known are: ${Object.keys(loaders ?? {}).join(", ")}`,
    );
  return (await load()).codec;
}
