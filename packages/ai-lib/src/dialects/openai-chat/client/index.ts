import type { ClientHalf } from "../../../core/contract/dialect.js";
import { provideContentRules } from "../../shared/common/provide.js";
import { openAiKinds } from "../../shared/openai/kinds.js";
import { cannot } from "../shared/cannot.js";
import { chat } from "./chat.js";
import { losses } from "./context.js";
import { errorDecoders } from "./errors.js";
import { errors, rare, rareParts } from "./on-demand.js";
import { rareEncoders } from "./rare.js";
import { rareDecoders } from "./rare-parts.js";
import { OpenAIChatStreamDecoder } from "./stream.js";
import { streams } from "./streams.js";

provideContentRules();
losses.provide(cannot);
errors.provide(errorDecoders);
rare.provide(rareEncoders);
rareParts.provide(rareDecoders);
streams.provide(OpenAIChatStreamDecoder);

/** {@link chat} with the other kinds of call, and with the code that `chat` alone loads on demand. */
export const client: ClientHalf = {
  ...chat,
  kinds: openAiKinds,
};
