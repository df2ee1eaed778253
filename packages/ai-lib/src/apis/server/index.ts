import type { ServerKindCodec } from "../../core/contract/dialect.js";
import type { Kind } from "../../core/values/kinds.js";
import { deepgramListenServer, deepgramSpeakServer } from "./deepgram.js";
import { elevenLabsSpeakServer, elevenLabsTranscribeServer } from "./elevenlabs.js";

/** What answers the clients of vendors whose APIs belong to no dialect. Each codec is of the kind that its laws name. */
export const apiServers = [
  deepgramListenServer,
  deepgramSpeakServer,
  elevenLabsSpeakServer,
  elevenLabsTranscribeServer,
] as unknown as readonly ServerKindCodec<Kind>[];
