import type { ClientHalf } from "../../../core/contract/dialect.js";
import { rerankCodec } from "../../shared/cohere/rerank.js";
import { chat } from "./chat.js";
import { embedCodec } from "./embed.js";

/** {@link chat}, with the other kinds of call. */
export const client: ClientHalf = {
  ...chat,
  kinds: { embed: embedCodec, rerank: rerankCodec },
};
