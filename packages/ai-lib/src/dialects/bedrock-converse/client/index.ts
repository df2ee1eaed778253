import type { ClientHalf } from "../../../core/contract/dialect.js";
import { provideContentRules } from "../../shared/common/provide.js";
import { chat } from "./chat.js";
import { countTokensCodec } from "./count-tokens.js";
import { embedCodec } from "./embed.js";
import { streams } from "./on-demand.js";
import { rerankCodec } from "./rerank.js";
import { BedrockStreamDecoder } from "./stream.js";

provideContentRules();
streams.provide(BedrockStreamDecoder);

/** {@link chat}, with the other kinds of call. */
export const client: ClientHalf = {
  ...chat,
  kinds: { embed: embedCodec, rerank: rerankCodec, countTokens: countTokensCodec },
};
