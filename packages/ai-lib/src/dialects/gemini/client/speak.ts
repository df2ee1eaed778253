import type { KindCodec } from "../../../core/contract/dialect.js";
import { voiceName } from "../../../core/kinds/voices.js";
import type { Warning } from "../../../core/values/answer.js";
import { base64OfBytes, bytesOfBase64 } from "../../../core/values/base64.js";
import { isObject, mergeDeep, tryParse } from "../../../core/values/json.js";
import { leftOut } from "../../shared/common/kind-requests.js";
import { noSound, wavOf } from "../../shared/common/speech.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";

/** The rate of the samples, where the reply names none. */
const RATE = 24_000;

/** Speech of Gemini's models, which comes as raw samples: https://ai.google.dev/gemini-api/docs/speech-generation */
export const speakCodec: KindCodec<"speak"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const voice = voiceName(request) ?? target.voices?.default ?? "Kore";
    const { text, format, speed, instructions, language, extensions } = request;
    if (format !== undefined && format !== "wav" && format !== "pcm")
      warnings.push(leftOut("format", "Gemini makes raw samples, which come as a WAV file"));
    if (speed !== undefined) warnings.push(leftOut("speed", "say in `instructions` how fast to speak"));
    const spoken = instructions === undefined ? text : `${instructions}: ${text}`;
    const { http, ...encoded } = encodeRequest(
      { messages: [{ role: "user", content: spoken }], ...(extensions === undefined ? {} : { extensions }) },
      "unary",
      target,
    );
    const body = tryParse(http.body ?? "");
    const speechConfig = {
      voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } },
      ...(language === undefined ? {} : { languageCode: language }),
    };
    const config = { generationConfig: { responseModalities: ["AUDIO"], speechConfig } };
    const whole = isObject(body) ? mergeDeep(config, body) : config;
    return { http: { ...http, body: JSON.stringify(whole) }, warnings: [...warnings, ...encoded.warnings] };
  },
  decode(reply, target, { format }) {
    const { content, facts } = decodeReply(reply, target);
    const sound = content.find((part) => part.type === "audio");
    if (sound?.type !== "audio" || sound.data === undefined) throw noSound(reply.body);
    const rate = Number(/rate=(\d{1,6})/.exec(sound.mediaType ?? "")?.[1] ?? RATE);
    const audio =
      format === "pcm"
        ? { data: sound.data, mediaType: `audio/pcm;rate=${rate}` }
        : { data: base64OfBytes(wavOf(bytesOfBase64(sound.data), rate)), mediaType: "audio/wav" };
    return {
      audio,
      ...(facts.model === undefined ? {} : { model: facts.model }),
      ...(facts.usage === undefined ? {} : { usage: facts.usage }),
    };
  },
};
