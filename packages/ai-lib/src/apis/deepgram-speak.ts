import type { KindCodec } from "../core/contract/dialect.js";
import { voiceName } from "../core/kinds/voices.js";
import type { Warning } from "../core/values/answer.js";
import { asObject, asString } from "../core/values/json.js";
import type { SoundFormat } from "../core/values/speech.js";
import { jsonFor } from "../dialects/shared/common/headers.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { queryFields } from "../dialects/shared/common/query-fields.js";
import { decodeSound } from "../dialects/shared/common/speech.js";
import { oneLanguage, textsOf, wholeVoiceList } from "../dialects/shared/common/voice-list.js";
import { wellFormedJson } from "../dialects/shared/common/well-formed.js";
import { soundStream } from "../dialects/shared/openai/sound-stream.js";

/** https://developers.deepgram.com/docs/tts-media-output-settings */
const ENCODINGS: Readonly<Record<SoundFormat, Readonly<Record<string, string>>>> = {
  mp3: { encoding: "mp3" },
  wav: { encoding: "linear16", container: "wav" },
  opus: { encoding: "opus", container: "ogg" },
  aac: { encoding: "aac" },
  flac: { encoding: "flac" },
  pcm: { encoding: "linear16", container: "none" },
};

/** Speech of Deepgram, whose models are its voices: https://developers.deepgram.com/reference/text-to-speech/speak-request */
export const codec: KindCodec<"speak"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const { text, format, speed, instructions, language, extensions } = request;
    if (speed !== undefined) warnings.push(leftOut("speed", "Deepgram's voices have one speed"));
    if (instructions !== undefined) warnings.push(leftOut("instructions", "Deepgram reads only the text"));
    if (language !== undefined)
      warnings.push(leftOut("language", "Deepgram's voices have one language each"));
    return {
      http: {
        method: "POST",
        path: "/speak",
        query: {
          model: voiceName(request) ?? target.model,
          ...(format === undefined ? {} : ENCODINGS[format]),
          ...queryFields(extensions, target.provider),
        },
        headers: jsonFor("unary"),
        body: wellFormedJson({ text }),
      },
      warnings,
    };
  },
  decode: (reply, _target, { format }) => decodeSound(reply, format),
  stream: soundStream,
  // https://developers.deepgram.com/docs/model-metadata
  voices: wholeVoiceList("/models", "tts", (item) => ({
    id: asString(item["canonical_name"]),
    name: asString(item["name"]),
    languages: textsOf(item["languages"]) ?? oneLanguage(item["language"]),
    description: asString(asObject(item["metadata"])?.["accent"]),
  })),
};
