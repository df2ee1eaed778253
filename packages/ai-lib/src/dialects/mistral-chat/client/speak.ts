import type { DialectTarget, Encoded, KindCodec } from "../../../core/contract/dialect.js";
import type { SpeakRequest } from "../../../core/values/speech.js";
import { decodeSound } from "../../shared/common/speech.js";
import { soundStream } from "../../shared/openai/sound-stream.js";
import { encodeSpeech } from "../../shared/openai/speak.js";
import { DIALECT } from "../shared/family.js";

/** A voice that every account has; `voxtral-mini-tts` speaks with none by default. */
const VOICE = "en_paul_neutral";

/** Speech of Mistral, in JSON or as events: https://docs.mistral.ai/studio/audio/text-to-speech/generate-speech */
export const speakCodec: KindCodec<"speak"> = {
  encode: (request, target) => encode(request, target, {}),
  decode: (reply, _target, { format }) => decodeSound(reply, format),
  stream: { ...soundStream, encode: (request, target) => encode(request, target, { stream: true }) },
};

function encode({ voice = VOICE, ...rest }: SpeakRequest, target: DialectTarget, streaming: object): Encoded {
  return encodeSpeech(rest, target, { voice_id: voice, ...streaming }, DIALECT);
}
