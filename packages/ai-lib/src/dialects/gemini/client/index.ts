import type { ClientHalf } from "../../../core/contract/dialect.js";
import { provideContentRules } from "../../shared/common/provide.js";
import { chat } from "./chat.js";
import { countTokensCodec } from "./count-tokens.js";
import { embedCodec } from "./embed.js";
import { imageCodec } from "./image.js";
import { speakCodec } from "./speak.js";
import { transcribeCodec } from "./transcribe.js";

provideContentRules();

/** {@link chat}, with the other kinds of call. */
export const client: ClientHalf = {
  ...chat,
  kinds: {
    embed: embedCodec,
    countTokens: countTokensCodec,
    transcribe: transcribeCodec,
    speak: speakCodec,
    image: imageCodec,
  },
};
