import type { KindCodecs, ServerKindCodecs } from "../../../core/contract/dialect.js";
import { decideCodec, decideServer } from "./decide.js";
import { embedCodec, embedServer } from "./embed.js";
import { imageCodec, imageServer } from "./image.js";
import { moderateCodec, moderateServer } from "./moderate.js";
import { speakCodec, speakServer } from "./speak.js";
import { transcribeCodec } from "./transcribe.js";
import { transcribeServer } from "./transcribe-server.js";

/** The kinds besides chat that clients of OpenAI's API may ask for, by either of its chat formats. */
export const openAiKinds: KindCodecs = {
  embed: embedCodec,
  moderate: moderateCodec,
  transcribe: transcribeCodec,
  speak: speakCodec,
  image: imageCodec,
  decide: decideCodec,
};

/** The server half of {@link openAiKinds}. */
export const openAiKindServers: ServerKindCodecs = {
  embed: embedServer,
  moderate: moderateServer,
  transcribe: transcribeServer,
  speak: speakServer,
  image: imageServer,
  decide: decideServer,
};
