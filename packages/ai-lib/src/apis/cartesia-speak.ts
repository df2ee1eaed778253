import type { KindCodec, VoiceListCodec } from "../core/contract/dialect.js";
import { voiceName } from "../core/kinds/voices.js";
import type { Warning } from "../core/values/answer.js";
import { asString } from "../core/values/json.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { cannotSay, leftOut } from "../dialects/shared/common/kind-requests.js";
import { decodeSound } from "../dialects/shared/common/speech.js";
import { listOfReply, oneLanguage, voicesGet, voicesIn } from "../dialects/shared/common/voice-list.js";
import { soundStream } from "../dialects/shared/openai/sound-stream.js";

/** Formats of https://docs.cartesia.ai/api-reference/tts/bytes#body-output-format */
const FORMATS = {
  mp3: { container: "mp3", sample_rate: 44_100, bit_rate: 128_000 },
  wav: { container: "wav", encoding: "pcm_s16le", sample_rate: 44_100 },
  pcm: { container: "raw", encoding: "pcm_s16le", sample_rate: 24_000 },
} as const;

/** Voices that are asked for at a time: the most. */
const PAGE = "100";

/** https://docs.cartesia.ai/api-reference/voices/list */
const voices: VoiceListCodec = {
  encode: (_target, after) =>
    voicesGet("/voices", { limit: PAGE, ...(after === undefined ? {} : { starting_after: after }) }),
  decode(reply, { provider }) {
    const body = listOfReply(reply);
    const found = voicesIn(body["data"], provider, (item) => ({
      id: asString(item["id"]),
      name: asString(item["name"]),
      languages: oneLanguage(item["language"]),
      description: asString(item["description"]),
    }));
    return { voices: found, next: body["has_more"] === true ? found.at(-1)?.id : undefined };
  },
};

/** Speech of Cartesia: https://docs.cartesia.ai/api-reference/tts/bytes */
export const codec: KindCodec<"speak"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const voice = voiceName(request) ?? target.voices?.default;
    const { text, format = "mp3", speed, instructions, language } = request;
    if (voice === undefined) throw cannotSay(target, "voice", "Cartesia needs the id of a voice");
    if (format !== "mp3" && format !== "wav" && format !== "pcm")
      throw cannotSay(target, "format", "Cartesia makes mp3, wav and pcm");
    if (instructions !== undefined) warnings.push(leftOut("instructions", "Cartesia reads only the text"));
    const body = defined({
      model_id: target.model,
      transcript: text,
      voice: { mode: "id", id: voice },
      output_format: FORMATS[format],
      language,
      generation_config: speed === undefined ? undefined : { speed },
    });
    return { http: jsonPost("/tts/bytes", body, request, target), warnings };
  },
  decode: (reply, _target, { format }) => decodeSound(reply, format),
  stream: soundStream,
  voices,
};
