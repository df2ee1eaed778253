import { embed } from "../shared/embed.js";

/** Embeddings of Mistral. */
export const embedCodec = embed.codec;
