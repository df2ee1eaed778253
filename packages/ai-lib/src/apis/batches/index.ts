import type { BatchCodec } from "./batch-codec.js";
import type { BatchApi } from "./names.js";

/** The `{variables}` of an endpoint that have a value. */
type Variables = Readonly<Record<string, string>>;

type Loader = () => Promise<{ readonly codec: BatchCodec | ((variables: Variables) => BatchCodec) }>;

const LOADERS: Readonly<Record<BatchApi, Loader>> = {
  "openai-batches": () => import("./openai-batches.js"),
  "together-batches": () => import("./together-batches.js"),
  "anthropic-batches": () => import("./anthropic-batches.js"),
  "mistral-batches": () => import("./mistral-batches.js"),
  "gemini-batches": () => import("./gemini-batches.js"),
  "xai-batches": () => import("./xai-batches.js"),
  "bedrock-batches": () => import("./bedrock-batches.js"),
};

/** Loads how an API of batches is written and read. @param variables those of the endpoint */
export async function loadBatchApi(api: BatchApi, variables: Variables): Promise<BatchCodec> {
  const { codec } = await LOADERS[api]();
  return typeof codec === "function" ? codec(variables) : codec;
}
