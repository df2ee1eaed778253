import type { KindCodec } from "../core/contract/dialect.js";
import type { Warning } from "../core/values/answer.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { decodeSound } from "../dialects/shared/common/speech.js";
import { soundStream } from "../dialects/shared/openai/sound-stream.js";

/** Speech of xAI, which has one model for it: https://docs.x.ai/docs/guides/voice */
export const codec: KindCodec<"speak"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const { text, voice, format, speed, instructions, language = "auto" } = request;
    if (speed !== undefined) warnings.push(leftOut("speed", "xAI's voices have one speed"));
    if (instructions !== undefined) warnings.push(leftOut("instructions", "xAI reads the text alone"));
    const body = defined({
      text,
      language,
      voice_id: voice,
      output_format: format === undefined ? undefined : { codec: format },
    });
    return { http: jsonPost("/tts", body, request, target), warnings };
  },
  decode: (reply, _target, { format }) => decodeSound(reply, format),
  stream: soundStream,
};
