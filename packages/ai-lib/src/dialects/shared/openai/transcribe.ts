import type { DialectTarget, Encoded, KindCodec } from "../../../core/contract/dialect.js";
import type { Warning } from "../../../core/values/answer.js";
import type { TranscribeRequest } from "../../../core/values/transcription.js";
import { formFields } from "../common/form-fields.js";
import { leftOut } from "../common/kind-requests.js";
import { type FormPart, formPost } from "../common/multipart.js";
import { decodeTranscript, soundPart } from "../common/transcripts.js";
import { transcriptStream } from "./transcript-stream.js";

/**
 * Transcripts as OpenAI and many others serve them: https://platform.openai.com/docs/api-reference/audio/createTranscription.
 * A text in English comes from a path of its own: https://platform.openai.com/docs/api-reference/audio/createTranslation
 */
export const transcribeCodec: KindCodec<"transcribe"> = {
  encode: (request, target) => encode(request, target, []),
  decode: decodeTranscript,
  stream: {
    ...transcriptStream,
    encode: (request, target) =>
      encode(request, target, streams(request, target.model) ? [{ name: "stream", value: "true" }] : []),
  },
};

/** Whether a model streams: `whisper-1` ignores the field, and so do translations. */
function streams({ translate }: TranscribeRequest, model: string): boolean {
  return translate !== true && UNTIMED.test(model);
}

/** Models that report no times: https://platform.openai.com/docs/guides/speech-to-text */
const UNTIMED = /^gpt-(4o|audio).*transcribe|^gpt-transcribe/;

function encode(request: TranscribeRequest, target: DialectTarget, streaming: readonly FormPart[]): Encoded {
  const warnings: Warning[] = [];
  const { audio, language, prompt, translate, speakers } = request;
  const parts: FormPart[] = [{ name: "model", value: target.model }, ...format(request, target, warnings)];
  if (language !== undefined) {
    if (translate === true) warnings.push(leftOut("language", "a translation detects the spoken language"));
    else parts.push({ name: "language", value: language });
  }
  if (prompt !== undefined) {
    if (speakers === true) warnings.push(leftOut("prompt", "models that identify speakers accept no prompt"));
    else parts.push({ name: "prompt", value: prompt });
  }
  parts.push(
    ...streaming,
    ...formFields(request.extensions, "openai-chat", target.provider),
    soundPart(audio, target),
  );
  const path = translate === true ? "/audio/translations" : "/audio/transcriptions";
  return { http: formPost(path, parts), warnings };
}

function format(
  { timestamps = [], speakers, translate }: TranscribeRequest,
  target: DialectTarget,
  warnings: Warning[],
): FormPart[] {
  if (speakers === true) {
    if (timestamps.includes("word"))
      warnings.push(leftOut("timestamps", "with speakers, only segments have times"));
    return [
      { name: "response_format", value: "diarized_json" },
      { name: "chunking_strategy", value: "auto" },
    ];
  }
  if (timestamps.length === 0) return [{ name: "response_format", value: "json" }];
  if (UNTIMED.test(target.model)) {
    warnings.push(leftOut("timestamps", "this model reports no times"));
    return [{ name: "response_format", value: "json" }];
  }
  const levels = translate === true ? [] : timestamps;
  return [
    { name: "response_format", value: "verbose_json" },
    ...levels.map((value) => ({ name: "timestamp_granularities[]", value })),
  ];
}
