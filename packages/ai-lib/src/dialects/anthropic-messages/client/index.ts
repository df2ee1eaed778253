import type { ClientHalf } from "../../../core/contract/dialect.js";
import { provideContentRules } from "../../shared/common/provide.js";
import { chat } from "./chat.js";
import { countTokensCodec } from "./count-tokens.js";
import { streams } from "./on-demand.js";
import { AnthropicStreamDecoder } from "./stream.js";

provideContentRules();
streams.provide(AnthropicStreamDecoder);

/** {@link chat}, with the other kinds of call. */
export const client: ClientHalf = {
  ...chat,
  kinds: { countTokens: countTokensCodec },
};
