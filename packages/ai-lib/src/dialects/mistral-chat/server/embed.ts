import { embed } from "../shared/embed.js";

/** The server half of Mistral's embeddings. */
export const embedServer = embed.server;
