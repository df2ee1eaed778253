import { embed } from "../shared/embed.js";

/** The server's side of Mistral's embeddings. */
export const embedServer = embed.server;
