import type { KindCodec } from "../core/contract/dialect.js";
import type { Warning } from "../core/values/answer.js";
import { bytesOfBase64 } from "../core/values/base64.js";
import { cannotSay, leftOut } from "../dialects/shared/common/kind-requests.js";
import { decodeTranscript } from "../dialects/shared/common/transcripts.js";
import { repository } from "./hf-repository.js";

/** Speech recognition of Hugging Face: https://huggingface.co/docs/inference-providers/tasks/automatic-speech-recognition */
export const codec: KindCodec<"transcribe"> = {
  encode(request, target) {
    const { audio, language, prompt, timestamps, speakers, translate } = request;
    const warnings: Warning[] = [];
    if (audio.data === undefined)
      throw cannotSay(target, "audio", "sound must be sent as bytes: send them, or set `fetchMedia`");
    for (const [field, asked] of Object.entries({ language, prompt, timestamps, speakers, translate }))
      if (asked !== undefined && asked !== false)
        warnings.push(leftOut(field, "this endpoint takes only sound"));
    return {
      http: {
        method: "POST",
        // A sibling of the router's /v1, not a child.
        path: `/../hf-inference/models/${repository(target.model)}`,
        headers: { "content-type": audio.mediaType ?? "application/octet-stream" },
        bytes: bytesOfBase64(audio.data),
      },
      warnings,
    };
  },
  decode: decodeTranscript,
};
