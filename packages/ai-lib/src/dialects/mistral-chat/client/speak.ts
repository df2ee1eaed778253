import type { DialectTarget, Encoded, KindCodec, VoiceListCodec } from "../../../core/contract/dialect.js";
import { voiceName } from "../../../core/kinds/voices.js";
import { asArray, asNumber, asString } from "../../../core/values/json.js";
import type { SpeakRequest } from "../../../core/values/speech.js";
import { decodeSound } from "../../shared/common/speech.js";
import { listOfReply, textsOf, voicesGet, voicesIn } from "../../shared/common/voice-list.js";
import { soundStream } from "../../shared/openai/sound-stream.js";
import { encodeSpeech } from "../../shared/openai/speak.js";
import { DIALECT } from "../shared/family.js";

/** A voice that every account has; `voxtral-mini-tts` speaks with none by default. */
const VOICE = "en_paul_neutral";

/** Voices that are asked for at a time. */
const PAGE = 100;

/** Preset voices and those of the account: https://docs.mistral.ai/studio/audio/text-to-speech/voices */
const voices: VoiceListCodec = {
  encode: (_target, after = "0") => voicesGet("/audio/voices", { limit: String(PAGE), offset: after }),
  decode(reply, { provider }, after = "0") {
    const body = listOfReply(reply);
    const found = voicesIn(body["items"], provider, (item) => ({
      id: asString(item["id"]),
      name: asString(item["name"]),
      languages: textsOf(item["languages"]),
      description: asString(item["description"]),
    }));
    const read = Number(after) + asArray(body["items"]).length;
    return { voices: found, next: read < (asNumber(body["total"]) ?? 0) ? String(read) : undefined };
  },
};

/** Speech of Mistral, in JSON or as events: https://docs.mistral.ai/studio/audio/text-to-speech/generate-speech */
export const speakCodec: KindCodec<"speak"> = {
  encode: (request, target) => encode(request, target, {}),
  decode: (reply, _target, { format }) => decodeSound(reply, format),
  voices,
  stream: { ...soundStream, encode: (request, target) => encode(request, target, { stream: true }) },
};

function encode(request: SpeakRequest, target: DialectTarget, streaming: object): Encoded {
  const voice = voiceName(request) ?? target.voices?.default ?? VOICE;
  return encodeSpeech(request, target, { voice_id: voice, ...streaming }, DIALECT);
}
