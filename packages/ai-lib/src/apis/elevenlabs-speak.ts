import type { DialectTarget, Encoded, KindCodec } from "../core/contract/dialect.js";
import { pathSegment } from "../core/contract/places.js";
import { voiceName } from "../core/kinds/voices.js";
import type { Warning } from "../core/values/answer.js";
import { asObject, asString } from "../core/values/json.js";
import type { SoundFormat, SpeakRequest } from "../core/values/speech.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { cannotSay, leftOut } from "../dialects/shared/common/kind-requests.js";
import { decodeSound } from "../dialects/shared/common/speech.js";
import { oneLanguage, wholeVoiceList } from "../dialects/shared/common/voice-list.js";
import { soundStream } from "../dialects/shared/openai/sound-stream.js";

/** https://elevenlabs.io/docs/api-reference/text-to-speech/convert#request.query.output_format */
const FORMATS: Readonly<Partial<Record<SoundFormat, string>>> = {
  mp3: "mp3_44100_128",
  wav: "wav_44100",
  opus: "opus_48000_128",
  pcm: "pcm_24000",
};

/** "Rachel", of ElevenLabs' premade voices: https://elevenlabs.io/docs/overview/capabilities/voices */
const VOICE = "21m00Tcm4TlvDq8ikWAM";

/** Speech of ElevenLabs: https://elevenlabs.io/docs/api-reference/text-to-speech/convert */
export const codec: KindCodec<"speak"> = {
  encode: (request, target) => encode(request, target, ""),
  decode: (reply, _target, { format }) => decodeSound(reply, format),
  // https://elevenlabs.io/docs/api-reference/voices/get-all
  voices: wholeVoiceList("/voices", "voices", (item) => ({
    id: asString(item["voice_id"]),
    name: asString(item["name"]),
    languages: oneLanguage(asObject(item["labels"])?.["language"]),
    description: asString(item["description"]),
  })),
  // https://elevenlabs.io/docs/api-reference/text-to-speech/stream
  stream: { ...soundStream, encode: (request, target) => encode(request, target, "/stream") },
};

function encode(request: SpeakRequest, target: DialectTarget, ending: "" | "/stream"): Encoded {
  const warnings: Warning[] = [];
  const voice = voiceName(request) ?? target.voices?.default ?? VOICE;
  const { text, format, speed, instructions, language } = request;
  const output = format === undefined ? undefined : FORMATS[format];
  if (format !== undefined && output === undefined)
    throw cannotSay(target, "format", "ElevenLabs makes mp3, wav, opus and pcm");
  if (instructions !== undefined) warnings.push(leftOut("instructions", "ElevenLabs reads only the text"));
  const body = defined({
    text,
    model_id: target.model,
    language_code: language,
    voice_settings: speed === undefined ? undefined : { speed },
  });
  const http = jsonPost(`/text-to-speech/${pathSegment(voice, "The voice")}${ending}`, body, request, target);
  return { http: output === undefined ? http : { ...http, query: { output_format: output } }, warnings };
}
