import type { BatchCodec } from "./batch-codec.js";
import type { BatchApi } from "./names.js";

type Loader = () => Promise<{ readonly codec: BatchCodec }>;

const LOADERS: Readonly<Record<BatchApi, Loader>> = {
  "openai-batches": () => import("./openai-batches.js"),
  "together-batches": () => import("./together-batches.js"),
  "anthropic-batches": () => import("./anthropic-batches.js"),
  "mistral-batches": () => import("./mistral-batches.js"),
  "gemini-batches": () => import("./gemini-batches.js"),
  "xai-batches": () => import("./xai-batches.js"),
};

/** Loads how an API of batches is written and read. */
export async function loadBatchApi(api: BatchApi): Promise<BatchCodec> {
  return (await LOADERS[api]()).codec;
}
