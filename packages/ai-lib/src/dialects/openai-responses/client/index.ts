import type { ClientHalf } from "../../../core/contract/dialect.js";
import { provideContentRules } from "../../shared/common/provide.js";
import { openAiKinds } from "../../shared/openai/kinds.js";
import { quirksOf } from "../shared/quirks.js";
import { background } from "./background.js";
import { chat } from "./chat.js";
import { countTokensCodec } from "./count-tokens.js";
import { streams } from "./on-demand.js";
import { OpenAIResponsesStreamDecoder } from "./stream.js";

provideContentRules();
streams.provide(OpenAIResponsesStreamDecoder);

/** {@link chat}, with the other kinds of call and with chats in the background. */
export const client: ClientHalf = {
  ...chat,
  background: (target) => (quirksOf(target).background === true ? background : undefined),
  kinds: { ...openAiKinds, countTokens: countTokensCodec },
};
