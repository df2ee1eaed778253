import type { KindCodec } from "../core/contract/dialect.js";
import { voiceName } from "../core/kinds/voices.js";
import type { Warning } from "../core/values/answer.js";
import { asString } from "../core/values/json.js";
import type { SoundFormat } from "../core/values/speech.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { cannotSay, leftOut } from "../dialects/shared/common/kind-requests.js";
import { decodeSound } from "../dialects/shared/common/speech.js";
import { oneLanguage, wholeVoiceList } from "../dialects/shared/common/voice-list.js";
import { soundStream } from "../dialects/shared/openai/sound-stream.js";

/** The codecs that are formats here; xAI has those of telephones besides. */
const FORMATS: ReadonlySet<SoundFormat> = new Set(["mp3", "wav", "pcm"]);

/** Speech of xAI, which has one model for it: https://docs.x.ai/developers/model-capabilities/audio/text-to-speech */
export const codec: KindCodec<"speak"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const { text, format, speed, instructions, language = "auto" } = request;
    if (format !== undefined && !FORMATS.has(format))
      throw cannotSay(target, "format", "xAI makes mp3, wav and pcm");
    if (instructions !== undefined) warnings.push(leftOut("instructions", "xAI reads only the text"));
    const body = defined({
      text,
      language,
      voice_id: voiceName(request),
      speed,
      output_format: format === undefined ? undefined : { codec: format },
    });
    return { http: jsonPost("/tts", body, request, target), warnings };
  },
  decode: (reply, _target, { format }) => decodeSound(reply, format),
  stream: soundStream,
  // https://docs.x.ai/developers/rest-api-reference/inference/voice
  voices: wholeVoiceList("/tts/voices", "voices", (item) => ({
    id: asString(item["voice_id"]),
    name: asString(item["name"]),
    languages: oneLanguage(item["language"]),
  })),
};
