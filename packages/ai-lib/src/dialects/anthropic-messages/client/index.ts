import type { ClientHalf } from "../../../core/contract/dialect.js";
import { chat } from "./chat.js";
import { countTokensCodec } from "./count-tokens.js";

/** {@link chat}, with the other kinds of call. */
export const client: ClientHalf = {
  ...chat,
  kinds: { countTokens: countTokensCodec },
};
