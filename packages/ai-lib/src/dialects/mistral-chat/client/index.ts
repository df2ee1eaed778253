import type { ClientHalf } from "../../../core/contract/dialect.js";
import { provideContentRules } from "../../shared/common/provide.js";
import { moderateCodec } from "../../shared/openai/moderate.js";
import { chat } from "./chat.js";
import { embedCodec } from "./embed.js";
import { ocrCodec } from "./ocr.js";
import { streams } from "./on-demand.js";
import { speakCodec } from "./speak.js";
import { MistralStreamDecoder } from "./stream.js";
import { transcribeCodec } from "./transcribe.js";

provideContentRules();
streams.provide(MistralStreamDecoder);

/** {@link chat}, with the other kinds of call. */
export const client: ClientHalf = {
  ...chat,
  kinds: {
    embed: embedCodec,
    moderate: moderateCodec,
    transcribe: transcribeCodec,
    speak: speakCodec,
    ocr: ocrCodec,
  },
};
