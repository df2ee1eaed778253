import type { ClientHalf } from "../../../core/contract/dialect.js";
import { rerankCodec } from "../../shared/cohere/rerank.js";
import { provideContentRules } from "../../shared/common/provide.js";
import { chat } from "./chat.js";
import { embedCodec } from "./embed.js";
import { streams } from "./on-demand.js";
import { CohereStreamDecoder } from "./stream.js";

provideContentRules();
streams.provide(CohereStreamDecoder);

/** {@link chat}, with the other kinds of call. */
export const client: ClientHalf = {
  ...chat,
  kinds: { embed: embedCodec, rerank: rerankCodec },
};
