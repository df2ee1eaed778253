import type { Warning } from "../core/values/answer.js";
import { defined } from "../dialects/shared/common/body-fields.js";
import { dataUri } from "../dialects/shared/common/data-uri.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { decodeTranscript } from "../dialects/shared/common/transcripts.js";
import { falJobs, falPath } from "./fal-queue.js";
import { jobCodec } from "./job-codec.js";

/** Transcripts of models on fal: https://fal.ai/models/fal-ai/whisper/api */
export const codec = jobCodec<"transcribe">(
  (request, target) => {
    const { audio, language, prompt, timestamps = [], speakers, translate } = request;
    const warnings: Warning[] = [];
    if (timestamps.includes("word") && timestamps.includes("segment"))
      warnings.push(leftOut("timestamps.segment", "fal gives the times of words or of segments"));
    const body = defined({
      audio_url: audio.data === undefined ? audio.url : dataUri(audio.mediaType ?? "audio/mpeg", audio.data),
      task: translate === true ? "translate" : "transcribe",
      language,
      prompt,
      chunk_level: timestamps.length === 0 ? undefined : timestamps.includes("word") ? "word" : "segment",
      diarize: speakers === true ? true : undefined,
    });
    return { http: jsonPost(falPath(target.model), body, request, target), warnings };
  },
  falJobs((reply) => decodeTranscript(reply)),
);
